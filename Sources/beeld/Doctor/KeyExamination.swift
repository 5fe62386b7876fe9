import ArgumentParser
import Program

/// Looks at the file of the master keys, and whether it has every key that the database needs.
struct KeyExamination {
  let settings: Settings

  func findings() async -> [Finding] {
    guard let file = settings.masterKeyFile else {
      return [
        .concern(
          "master keys", "none: texts of teachers can be neither written nor read",
          remedy: "beeld keys new NAME --file FILE, and set BEELD_MASTER_KEY_FILE to it.")
      ]
    }
    do {
      let keys = try settings.masterKeys()
      var findings = [try openness(of: MasterKeyFile(path: file))]
      findings.append(try await coverage(by: keys.names))
      return findings
    } catch let error as ValidationError {
      return [.fault("master keys", error.message, remedy: "Mend the file; `beeld keys new` makes lines of it.")]
    } catch {
      return [
        .fault("master keys", "an examination broke off: \(error)", remedy: "Ask again when the database is at rest.")
      ]
    }
  }

  private func openness(of file: MasterKeyFile) throws -> Finding {
    guard let mode = try file.openness() else {
      return .fine("master key file", "\(file.path), readable by its owner alone")
    }
    return .fault(
      "master key file", "\(file.path) has \(mode): others can read the keys", remedy: "chmod 600 \(file.path)")
  }

  private func coverage(by names: [String]) async throws -> Finding {
    let counts = try await settings.withDatabase(as: .jobs) { try await Rotation.counts(in: $0) }
    let missing = counts.filter { !names.contains($0.masterKey) }
    guard missing.isEmpty else {
      let list = missing.map { "\($0.masterKey) (\($0.number))" }.joined(separator: ", ")
      return .fault(
        "data keys", "wrapped by master keys that the file has not: \(list)",
        remedy: "Put the lines of these keys back; without them the texts cannot be read.")
    }
    let number = counts.reduce(0) { $0 + $1.number }
    let old = counts.filter { $0.masterKey != names.first }.reduce(0) { $0 + $1.number }
    return old == 0
      ? .fine("data keys", "\(number), all under \(names.first ?? "")")
      : .concern("data keys", "\(old) of \(number) not under \(names.first ?? "") yet", remedy: "beeld keys rotate")
  }
}
