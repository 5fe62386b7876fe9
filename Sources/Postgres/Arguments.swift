import Glibc

/// The arrays libpq wants parameters in, kept and reused, so that sending a statement allocates nothing.
///
/// Belongs to one connection and is filled afresh for each statement.
struct Arguments: ~Copyable {
  private var bytes: UnsafeMutablePointer<CChar>
  private var byteCapacity: Int
  private(set) var values: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private(set) var lengths: UnsafeMutablePointer<Int32>
  private(set) var formats: UnsafeMutablePointer<Int32>
  private var slotCapacity: Int

  init() {
    byteCapacity = 1024
    slotCapacity = 16
    bytes = .allocate(capacity: byteCapacity)
    values = .allocate(capacity: slotCapacity)
    lengths = .allocate(capacity: slotCapacity)
    formats = .allocate(capacity: slotCapacity)
  }

  deinit {
    bytes.deallocate()
    values.deallocate()
    lengths.deallocate()
    formats.deallocate()
  }

  /// Copies the parameters in. The pointers stay good until the next load.
  mutating func load(_ parameters: [Parameter]) {
    reserve(slots: parameters.count, bytes: parameters.reduce(0) { $0 + $1.size })
    var end = bytes
    for (index, parameter) in parameters.enumerated() {
      switch parameter {
      case .null:
        values[index] = nil
        lengths[index] = 0
        formats[index] = 0
      case .text(let string):
        values[index] = UnsafePointer(end)
        lengths[index] = 0
        formats[index] = 0
        end = copy(string.utf8, to: end)
        end.pointee = 0
        end += 1
      case .binary(let data):
        values[index] = UnsafePointer(end)
        lengths[index] = Int32(clamping: data.count)
        formats[index] = 1
        end = copy(data, to: end)
      }
    }
  }

  private func copy(_ source: some Collection<UInt8>, to start: UnsafeMutablePointer<CChar>)
    -> UnsafeMutablePointer<CChar>
  {
    let count = source.withContiguousStorageIfAvailable { storage in
      if let base = storage.baseAddress { memcpy(start, base, storage.count) }
      return storage.count
    }
    if let count { return start + count }
    var end = start
    for byte in source {
      end.pointee = CChar(bitPattern: byte)
      end += 1
    }
    return end
  }

  private mutating func reserve(slots: Int, bytes needed: Int) {
    if slots > slotCapacity {
      slotCapacity = max(slots, slotCapacity * 2)
      values.deallocate()
      lengths.deallocate()
      formats.deallocate()
      values = .allocate(capacity: slotCapacity)
      lengths = .allocate(capacity: slotCapacity)
      formats = .allocate(capacity: slotCapacity)
    }
    // A single large document must not keep its memory for the life of the connection.
    let keeps = byteCapacity <= 1 << 20 || needed > byteCapacity / 4
    if needed > byteCapacity || !keeps {
      byteCapacity = max(needed, 1024)
      bytes.deallocate()
      bytes = .allocate(capacity: byteCapacity)
    }
  }
}

extension Parameter {
  fileprivate var size: Int {
    switch self {
    case .null: 0
    case .text(let string): string.utf8.count + 1
    case .binary(let data): data.count + 1
    }
  }
}
