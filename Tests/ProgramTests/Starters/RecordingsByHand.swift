/// What a starter's recordings are worth on a day: the days of those that count, by how far they are.
struct RecordingsByHand {
  var planned: [Int] = []
  var made: [Int] = []
  var debriefed: [Int] = []
  /// The days of the debriefs of `debriefed`.
  var debriefs: [Int] = []

  init(_ recordings: [Career.Recording], on day: Int, notBefore firstTeachingDay: Int?) {
    for recording in recordings {
      if recording.state == "voided" || recording.isQuarantined || !recording.counts { continue }
      if let endedOn = recording.endedOn, endedOn <= day { continue }
      if let recordedOn = recording.recordedOn, recordedOn <= day {
        if let firstTeachingDay, recordedOn < firstTeachingDay { continue }
        if let debriefedOn = recording.debriefedOn, debriefedOn <= day {
          debriefed.append(recordedOn)
          debriefs.append(debriefedOn)
        } else {
          made.append(recordedOn)
        }
      } else if recording.plannedOn <= day {
        if let firstTeachingDay, recording.scheduledFor < firstTeachingDay { continue }
        planned.append(recording.scheduledFor)
      }
    }
  }
}
