/// A queue that hands out places, from which an element can also leave in the middle: every step is O(1).
struct Line<Element> {
  /// Where an element stands. Good until the element leaves; a place that is no longer good finds nothing.
  struct Place: Hashable, Sendable {
    fileprivate let index: Int
    fileprivate let turn: UInt64
  }

  private struct Node {
    var element: Element?
    var turn: UInt64 = 0
    var previous = -1
    var next = -1
  }

  private var nodes: [Node] = []
  private var free: [Int] = []
  private var head = -1
  private var tail = -1
  private var turns: UInt64 = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  var first: Element? { head < 0 ? nil : nodes[head].element }

  mutating func append(_ element: Element) -> Place {
    let index = occupy(element)
    nodes[index].previous = tail
    if tail >= 0 { nodes[tail].next = index } else { head = index }
    tail = index
    return Place(index: index, turn: nodes[index].turn)
  }

  mutating func prepend(_ element: Element) -> Place {
    let index = occupy(element)
    nodes[index].next = head
    if head >= 0 { nodes[head].previous = index } else { tail = index }
    head = index
    return Place(index: index, turn: nodes[index].turn)
  }

  mutating func popFirst() -> Element? {
    head < 0 ? nil : vacate(head)
  }

  mutating func remove(_ place: Place) -> Element? {
    guard nodes.indices.contains(place.index), nodes[place.index].turn == place.turn else { return nil }
    return vacate(place.index)
  }

  /// Takes out every element that fits, in order.
  mutating func removeAll(where fits: (Element) -> Bool) -> [Element] {
    var taken: [Element] = []
    var index = head
    while index >= 0 {
      let next = nodes[index].next
      if let element = nodes[index].element, fits(element), let left = vacate(index) { taken.append(left) }
      index = next
    }
    return taken
  }

  func forEach(_ body: (Element) -> Void) {
    var index = head
    while index >= 0 {
      if let element = nodes[index].element { body(element) }
      index = nodes[index].next
    }
  }

  private mutating func occupy(_ element: Element) -> Int {
    turns += 1
    count += 1
    let node = Node(element: element, turn: turns)
    guard let index = free.popLast() else {
      nodes.append(node)
      return nodes.count - 1
    }
    nodes[index] = node
    return index
  }

  private mutating func vacate(_ index: Int) -> Element? {
    let node = nodes[index]
    if node.previous >= 0 { nodes[node.previous].next = node.next } else { head = node.next }
    if node.next >= 0 { nodes[node.next].previous = node.previous } else { tail = node.previous }
    nodes[index] = Node(element: nil)
    free.append(index)
    count -= 1
    return node.element
  }
}
