import Program

/// What of the state of things stands in the way, as the database's functions name it in the detail of `BE409`.
enum Obstacle: String, CaseIterable {
  case faults, decided
  case coachCapacity = "coach_capacity"
  case coachUnavailable = "coach_unavailable"
  case recordingsUnfinished = "recordings_unfinished"
  case trajectoryNotOpen = "trajectory_not_open"
  case recordingsAgreed = "recordings_agreed"
  case sixRecordings = "six_recordings"
  case notPlanned = "not_planned"
  case notMade = "not_made"
  case noCopyHeld = "no_copy_held"
  case notHeld = "not_held"
  case copiesFirst = "copies_first"
  case notOpened = "not_opened"
  case nothingFilmed = "nothing_filmed"
  case objectionEnded = "objection_ended"
  case objectionNotEnded = "objection_not_ended"
  case notMadeGood = "not_made_good"
  case quarantined
  case notAttested = "not_attested"
  case attested

  var wording: Fault.Wording {
    switch self {
    case .faults:
      .init(
        dutch: "Het bestand heeft fouten; het voorbeeld noemt ze. Verbeter ze en stuur het opnieuw.",
        english: "The file has faults; the preview names them. Mend them and send it again.")
    case .decided: .init(dutch: "Hierover is al beslist.", english: "This has been decided already.")
    case .coachCapacity:
      .init(
        dutch: "Deze beeldbegeleider heeft dit schooljaar geen ruimte meer; kies een ander, of noem een reden.",
        english: "This coach has no room left this school year; choose another, or give a reason.")
    case .coachUnavailable:
      .init(dutch: "De beeldbegeleider is die dag afwezig.", english: "The coach is away that day.")
    case .recordingsUnfinished:
      .init(
        dutch: "Nog niet elke opname is nabesproken, vrijgesteld of afgezegd.",
        english: "Not every recording is talked over, waived or cancelled yet.")
    case .trajectoryNotOpen: .init(dutch: "Het traject is niet open.", english: "The trajectory is not open.")
    case .recordingsAgreed:
      .init(
        dutch: "Er zijn zoveel opnamen als afgesproken; spreek eerst een uitbreiding af.",
        english: "There are as many recordings as were agreed on; agree on an extension first.")
    case .sixRecordings:
      .init(dutch: "Een traject heeft hoogstens zes opnamen.", english: "A trajectory has six recordings at most.")
    case .notPlanned: .init(dutch: "De opname is niet meer gepland.", english: "The recording is planned no longer.")
    case .notMade:
      .init(
        dutch: "De opname is nog niet gemaakt, of al afgerond.",
        english: "The recording has not been made yet, or is finished.")
    case .noCopyHeld:
      .init(dutch: "U hebt geen kopie van deze opname.", english: "You hold no copy of this recording.")
    case .notHeld:
      .init(
        dutch: "Niemand anders dan de leerkracht heeft deze kopie.",
        english: "Nobody but the teacher has this copy.")
    case .notOpened:
      .init(
        dutch: "Geef een directeur van uw school toestemming, of noem de dag waarop u het mondeling presenteerde.",
        english: "Give a director of your school consent, or name the day on which you presented it orally.")
    case .nothingFilmed:
      .init(
        dutch: "Van deze opname zijn geen beelden; er valt nog niets te beschrijven.",
        english: "This recording has not been made; there is nothing to write about yet.")
    case .objectionEnded:
      .init(dutch: "Dit bezwaar is beëindigd.", english: "This objection has ended.")
    case .objectionNotEnded:
      .init(
        dutch: "Beëindig eerst het bezwaar; dan staat vast wanneer de leerling vertrok.",
        english: "End the objection first; when the pupil left is said then.")
    case .notMadeGood:
      .init(
        dutch: "Wat ontbrak, is nog niet hersteld; /v1/recordings/{id}/clearance noemt het de beeldbegeleider.",
        english: "What was missing is not made good yet; /v1/recordings/{id}/clearance tells the coach what it is.")
    case .quarantined:
      .init(
        dutch: "De opname is in quarantaine: verwijder haar, of laat haar vrijgeven als wat ontbrak is hersteld.",
        english: "The recording is quarantined: delete it, or have it released when what was missing is made good.")
    case .notAttested:
      .init(
        dutch: "Bevestig eerst dat er is geanonimiseerd of geknipt, zoals toegezegd.",
        english: "Attest first that it was anonymised or cut, as was promised.")
    case .attested:
      .init(
        dutch: "Wat is bevestigd, wordt niet verwijderd; neem eerst de dag weg, dan is het weer een voorstel.",
        english: "What is attested is not removed; take the day away first, and it is a proposal again.")
    case .copiesFirst:
      .init(
        dutch: "De beeldbegeleider draagt eerst de kopieën over.", english: "The coach hands the copies over first.")
    }
  }

  static let other = Fault.Wording(
    dutch: "De toestand waarin dit verkeert, laat het niet toe.", english: "The state this is in does not permit it.")
}
