/// All that is known of one made-up person. Days are numbers of `Calendar`; `until` is exclusive.
struct Career {
  struct Spell {
    var school: Int
    var job: String
    var tenths: Int
    var from: Int
    var until: Int?
  }

  struct Absence {
    var category: String
    var from: Int
    var until: Int?
  }

  struct PriorExperience {
    var from: Int
    var until: Int
    var isApproved: Bool
  }

  struct Exemption {
    var from: Int
    var review: Int
  }

  struct Recording {
    var number: Int
    var origin: String
    var counts: Bool
    var state: String
    var plannedOn: Int
    var scheduledFor: Int
    var recordedOn: Int?
    var debriefedOn: Int?
    var endedOn: Int?
    var isQuarantined: Bool
  }

  var number: Int
  var teachingSince: Int?
  var isTeachingSinceApproved = false
  var spells: [Spell] = []
  var absences: [Absence] = []
  var priorExperience: [PriorExperience] = []
  var exemptions: [Exemption] = []
  var recordings: [Recording] = []

  var id: String { Career.id(kind: 1, number) }

  static func id(kind: Int, _ number: Int) -> String {
    let digits = String(number)
    return "0190000\(kind)-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }
}

extension Career: CustomStringConvertible {
  var description: String {
    func span(_ from: Int, _ until: Int?) -> String {
      "[\(Calendar.text(from)), \(until.map(Calendar.text) ?? "…"))"
    }
    var lines = [
      "career \(number): teaching since \(teachingSince.map(Calendar.text) ?? "–")"
        + (isTeachingSinceApproved ? ", approved" : "")
    ]
    lines += spells.map { "  \($0.job) at school \($0.school), 0.\($0.tenths) \(span($0.from, $0.until))" }
    lines += absences.map { "  \($0.category) \(span($0.from, $0.until))" }
    lines += priorExperience.map {
      "  prior experience \(span($0.from, $0.until))\($0.isApproved ? ", approved" : "")"
    }
    lines += exemptions.map { "  exempt \(span($0.from, $0.review))" }
    lines += recordings.map {
      "  recording \($0.number) \($0.origin)\($0.counts ? "" : " (own)") \($0.state)\($0.isQuarantined ? " quarantined" : ""):"
        + " planned on \(Calendar.text($0.plannedOn)) for \(Calendar.text($0.scheduledFor)),"
        + " made \($0.recordedOn.map(Calendar.text) ?? "–"), debriefed \($0.debriefedOn.map(Calendar.text) ?? "–"),"
        + " ended \($0.endedOn.map(Calendar.text) ?? "–")"
    }
    return lines.joined(separator: "\n")
  }
}
