import CLibarchive

/// A ZIP archive that is made piece by piece: each piece is handed on as soon as it is there, and nothing is gathered.
public final class ZIPArchive {
  private let handle: OpaquePointer
  private let outlet = Outlet()

  /// What libarchive did not do, in its own words.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// - Throws: `Failure` without memory.
  public init() throws {
    guard let handle = archive_write_new() else { throw Failure(description: "no memory for an archive") }
    self.handle = handle
    try check(archive_write_set_format_zip(handle))
    try check(archive_write_set_options(handle, "zip:compression=deflate"))
    // Handed on as it comes, and the end not filled up.
    try check(archive_write_set_bytes_per_block(handle, 0))
    try check(
      archive_write_open(
        handle, Unmanaged.passUnretained(outlet).toOpaque(), nil,
        { _, outlet, bytes, count in
          guard let outlet, let bytes else { return 0 }
          Unmanaged<Outlet>.fromOpaque(outlet).takeUnretainedValue().take(bytes, count)
          return count
        }, nil))
  }

  deinit { archive_write_free(handle) }

  /// Adds a file.
  /// - Parameter name: its path in the archive, ASCII.
  /// - Returns: the bytes of the archive so far that were not returned before.
  public func add(_ name: String, _ bytes: [UInt8]) throws -> [UInt8] {
    guard let entry = archive_entry_new() else { throw Failure(description: "no memory for an archive's entry") }
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, name)
    archive_entry_set_filetype(entry, Self.regularFile)
    archive_entry_set_perm(entry, 0o600)
    archive_entry_set_size(entry, Int64(bytes.count))
    try check(archive_write_header(handle, entry))
    if !bytes.isEmpty, archive_write_data(handle, bytes, bytes.count) < 0 { throw failure }
    return outlet.empty()
  }

  /// Writes the directory, without which the archive is none; nothing is added after it.
  /// - Returns: the rest of the bytes.
  public func finish() throws -> [UInt8] {
    try check(archive_write_close(handle))
    return outlet.empty()
  }

  /// `AE_IFREG`, a macro that Swift does not see.
  private static var regularFile: UInt32 { 0o100000 }

  private func check(_ status: Int32) throws {
    if status < ARCHIVE_WARN { throw failure }
  }

  private var failure: Failure {
    Failure(description: archive_error_string(handle).map { String(cString: $0) } ?? "libarchive gave no reason")
  }
}

/// Where libarchive leaves its bytes.
private final class Outlet {
  private var bytes: [UInt8] = []

  func take(_ start: UnsafeRawPointer, _ count: Int) {
    bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
  }

  func empty() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }
}
