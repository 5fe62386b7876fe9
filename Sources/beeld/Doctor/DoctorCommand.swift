import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Examine the configuration and the database, and say what to do about each finding.",
    discussion: "Changes nothing. The exit status is 1 when there is a fault, 0 when there is none.")

  func run() async throws {
    var findings = [Finding]()
    do {
      let settings = try Settings.fromEnvironment()
      findings.append(.fine("configuration", "complete"))
      findings += await DatabaseExamination(settings: settings).findings()
      findings += await KeyExamination(settings: settings).findings()
      findings += await MailExamination(settings: settings).findings()
    } catch let error as ValidationError {
      findings.append(
        .fault("configuration", error.message, remedy: "Set the variables so; `beeld check-config` shows all of them."))
    }
    for finding in findings { print(finding.text) }
    let faults = findings.filter { $0.verdict == .fault }.count
    let concerns = findings.filter { $0.verdict == .concern }.count
    print(faults + concerns == 0 ? "All is well." : "\(faults) fault(s), \(concerns) warning(s).")
    if faults > 0 { throw ExitCode(1) }
  }
}
