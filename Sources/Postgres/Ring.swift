/// A first-in-first-out buffer over one array that grows and is reused.
struct Ring<Element> {
  private var storage: [Element?] = Array(repeating: nil, count: 16)
  private var head = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  var first: Element? { count == 0 ? nil : storage[head] }

  mutating func append(_ element: Element) {
    if count == storage.count { grow() }
    storage[(head + count) & (storage.count - 1)] = element
    count += 1
  }

  mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = storage[head]
    storage[head] = nil
    head = (head + 1) & (storage.count - 1)
    count -= 1
    return element
  }

  func forEach(_ body: (Element) -> Void) {
    for offset in 0..<count {
      if let element = storage[(head + offset) & (storage.count - 1)] { body(element) }
    }
  }

  private mutating func grow() {
    var larger = [Element?](repeating: nil, count: storage.count * 2)
    for offset in 0..<count { larger[offset] = storage[(head + offset) & (storage.count - 1)] }
    storage = larger
    head = 0
  }
}
