import ArgumentParser
import Glibc
import Program

/// The file of the master keys, as BEELD_MASTER_KEY_FILE names it.
struct MasterKeyFile {
  let path: String

  /// - Throws: `ValidationError` that names the file, the line and the remedy, and never a key.
  func keys() throws -> MasterKeys {
    guard let text = try text() else {
      throw ValidationError("BEELD_MASTER_KEY_FILE: \(path): there is no such file; `beeld keys new --file` makes it")
    }
    do throws(MasterKeys.Malformed) {
      return try MasterKeys(text)
    } catch {
      throw ValidationError("BEELD_MASTER_KEY_FILE: \(path): \(error)")
    }
  }

  /// Adds a key, behind those that are there, or before them; the file is there as a whole or not at all, readable by
  /// its owner alone.
  func add(_ line: String, named name: String, first: Bool) throws {
    let before = try text() ?? ""
    if !before.isEmpty, try keys().names.contains(name) {
      throw ValidationError("\(path) has a key called \(name) already; give the new one another name")
    }
    let lines = before.isEmpty || before.hasSuffix("\n") ? before : before + "\n"
    do {
      try DataFolder.writePrivately(first ? line + "\n" + lines : lines + line + "\n", to: path)
    } catch let failure as DataFolder.Failure {
      throw ValidationError("\(failure)")
    }
  }

  /// Who may read the file beside its owner, in the words of its mode; nil when nobody may. A credential of systemd is
  /// shown to its unit by an access list, which the group's part of the mode stands for.
  func openness() throws -> String? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { throw ValidationError("\(path): \(DataFolder.reason)") }
    let forbidden: mode_t = path.hasPrefix("/run/credentials/") ? 0o027 : 0o077
    guard facts.st_mode & forbidden != 0 else { return nil }
    return "mode " + String(facts.st_mode & 0o777, radix: 8)
  }

  private func text() throws -> String? {
    do {
      return try DataFolder.read(path)
    } catch let failure as DataFolder.Failure {
      throw ValidationError("BEELD_MASTER_KEY_FILE: \(failure)")
    }
  }
}
