extension Explanation {
  /// The body of the answer, in UTF-8; the sentences in the language asked for, all else for machines.
  public func json(in language: Language) -> [UInt8] {
    let text = ExplanationText(language: language)
    var json = JSONText(capacity: 512 + 256 * (steps.count + recordings.count))
    json.object { json in
      json.member("as_of", asOf)
      json.member("policy_version", policyVersion)
      json.key("window")
      json.object { json in
        json.member("from", window.from)
        json.member("until", window.until)
        json.member("days_left", window.daysLeft)
      }
      json.key("steps")
      json.array { json in
        for step in steps {
          json.object { json in
            json.member("code", step.code)
            step.write(to: &json)
            json.member("text", text(step))
          }
        }
      }
      json.key("recordings")
      json.array { json in
        for recording in recordings { recording.write(to: &json, text, windowUntil: window.until) }
      }
      json.member("coverage", coverage.rawValue)
      json.member("urgency", urgency.rawValue)
      json.member("employment", employment.rawValue)
      json.member("text", text.verdict(self))
    }
    return json.bytes
  }
}

extension Explanation.Step {
  fileprivate func write(to json: inout JSONText) {
    switch self {
    case .firstTeachingDay(let day, let source):
      json.member("date", day)
      json.member("source", source.rawValue)
    case .firstTeachingDayMissing(let fact):
      json.member("missing", fact.rawValue)
    case .priorExperience(let period, _, _):
      period.write(to: &json)
    case .windowMonths(let months, let until):
      json.member("months", months)
      json.member("until", until)
    case .pause(let pause, let countsFrom, let days, let untilAfter):
      pause.write(to: &json)
      if countsFrom != pause.period.from { json.member("counts_from", countsFrom) }
      json.member("days", days)
      json.member("until_after", untilAfter)
    case .pauseNotCounted(let pause, let reason):
      pause.write(to: &json)
      json.member("days", 0)
      json.member("reason", reason.code)
    case .exemption(let code, let period):
      json.member("reason", code)
      period.write(to: &json)
    case .outOfScope(let reason, let day, let ended):
      json.member("reason", reason.rawValue)
      json.member("date", day)
      json.member("window_ended", ended)
    }
  }
}

extension Explanation.Period {
  fileprivate func write(to json: inout JSONText) {
    json.member("from", from)
    json.member("until", until)
  }
}

extension Explanation.Pause {
  fileprivate func write(to json: inout JSONText) {
    json.member("category", category)
    period.write(to: &json)
  }
}

extension Explanation.Recording {
  fileprivate func write(to json: inout JSONText, _ text: ExplanationText, windowUntil: CivilDate?) {
    json.object { json in
      json.member("id", id.description)
      json.member("date", date)
      json.member("counts", counts)
      json.member("debriefed", debriefedOn != nil)
      json.member("state", stage.rawValue)
      json.member("reason", notCounted?.rawValue)
      json.member("text", text(self, windowUntil: windowUntil))
    }
  }
}
