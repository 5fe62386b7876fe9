/// What stands on the screen once the server listens: where, as whom, and what to try first.
struct Welcome {
  let port: Int
  let tokens: TokenFile
  let tokenFile: String
  let reports: [MorningReports.Report]

  var text: String {
    let address = "http://127.0.0.1:\(port)"
    let width = TokenFile.holders.map(\.role.count).max() ?? 0
    let lines = TokenFile.holders.compactMap { role, _ in
      tokens.tokens[role].map { "  \(role)\(String(repeating: " ", count: width - role.count))  \($0)" }
    }
    return """

      beeld serves at \(address)

      Tokens, one per role (also in \(tokenFile)):
      \(lines.joined(separator: "\n"))

      This morning's reports, and what changed since yesterday, as pages and over the API:
      \(pages(at: address).joined(separator: "\n"))

      Try:
      \(attempts(at: address).map { "  " + $0 }.joined(separator: "\n"))

      """
  }

  private func pages(at address: String) -> [String] {
    reports.flatMap { report in
      [
        "  file://\(report.page)", "  file://\(report.changes)",
        "    \(address)/v1/report-runs/\(report.run)/rows   \(address)/v1/report-runs/\(report.run)/diff",
      ]
    }
  }

  /// A teacher's own status, the overdue starters as the adviser sees them, one school's figures as its director does.
  private func attempts(at address: String) -> [String] {
    [("teacher", "me"), ("adviser", "starters?urgency=overdue"), ("director", "coverage?group_by=school")].map {
      role, path in
      "curl -sH 'Authorization: Bearer \(tokens.tokens[role] ?? "…")' '\(address)/v1/\(path)'"
    }
  }
}
