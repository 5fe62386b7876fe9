import Postgres
import Program

/// What a constraint of the database means to the client: the one place where names of constraints become problems.
///
/// Most of them were said before by the form, field by field; what is left to the database is what needs more than the
/// request to know.
struct ConstraintProblem {
  enum Meaning {
    /// The body is at fault: 422, at this field.
    case invalid(pointer: String, Fault.Wording)
    /// What is there already forbids it: 409.
    case conflict(code: String, Fault.Wording)
    /// Not by this person: 403.
    case forbidden
  }

  /// Nil for a constraint that is not in the table.
  static func meaning(of name: String) -> Meaning? { table[name] }

  /// The names in the table, for the test that holds them beside the catalogue.
  static var names: [String] { table.keys.sorted() }

  private static let table: [String: Meaning] = [
    "employment_no_overlap": .conflict(code: "overlap", overlap),
    "employment_order": .invalid(pointer: "/until", order),
    "employment_fte_range": .invalid(pointer: "/fte", range),
    "absence_no_overlap": .conflict(code: "overlap", overlap),
    "absence_order": .invalid(pointer: "/until", order),
    "prior_experience_order": .invalid(pointer: "/until", order),
    "prior_experience_not_ones_own": .forbidden,
    "prior_experience_declined_not_ones_own": .forbidden,
    "prior_experience_one_decision": .conflict(code: "decided", decided),
    "exemption_no_overlap": .conflict(code: "overlap", overlap),
    "exemption_order": .invalid(pointer: "/review_date", order),
    "exemption_not_ones_own": .forbidden,
    "role_assignment_no_overlap": .conflict(code: "overlap", overlap),
    "role_assignment_order": .invalid(pointer: "/until", order),
    "role_assignment_scope": .invalid(pointer: "/school", scope),
    "role_assignment_not_ones_own": .forbidden,
    "request_one_open_per_teacher": .conflict(code: "open_request", openRequest),
    "request_one_invitation_per_maker": .conflict(code: "invited_already", invited),
    "request_talk_held": .invalid(pointer: "/talk_on", held),
    "request_coach_is_another": .invalid(pointer: "/coach", gone),
    "request_asked_when_submitted": .invalid(pointer: "/aim", asked),
    "agreement_one_proposal": .conflict(code: "proposed_already", proposed),
    "agreement_new_coach_is_another": .invalid(pointer: "/new_coach", gone),
    "recording_ordinal_unique": .conflict(code: "overtaken", overtaken),
    "carrier_name_unique": .conflict(code: "taken", taken("name", "naam")),
    "coach_unavailability_no_overlap": .conflict(code: "overlap", overlap),
    "coach_unavailability_order": .invalid(pointer: "/until", order),
    "coach_capacity_range": .invalid(pointer: "/capacity", range),
    "school_group_name_unique": .conflict(code: "taken", taken("name", "naam")),
    "recording_group_fkey": .conflict(code: "in_use", inUse),
    "school_code_unique": .conflict(code: "taken", taken("code", "code")),
    "school_open_order": .invalid(pointer: "/open_until", order),
    "school_not_merged_into_itself": .invalid(pointer: "/merged_into", itself),
    "registration_person_number_unique": .conflict(code: "taken", taken("person_number", "person_number")),
    "registration_email_unique": .conflict(code: "taken", taken("email", "e-mailadres")),
    "registration_subject_unique": .conflict(code: "taken", taken("subject", "subject")),
    "registration_email_shape": .invalid(pointer: "/email", address),
    "registration_person_number_shape": .invalid(pointer: "/person_number", characters),
    "registration_subject_length": .invalid(pointer: "/subject", characters),
    "registration_approval_needs_date": .invalid(pointer: "/teaching_since", approval),
    "person_first_employment": .invalid(pointer: "/employment", firstEmployment),
    "policy_valid_from_ahead": .invalid(pointer: "/valid_from", ahead),
    "policy_valid_from_unique": .conflict(code: "taken", taken("valid_from", "valid_from")),
    "school_merged_into_fkey": .invalid(pointer: "/merged_into", gone),
    "employment_person_fkey": .invalid(pointer: "/person", gone),
    "employment_school_fkey": .invalid(pointer: "/school", gone),
    "absence_person_fkey": .invalid(pointer: "/person", gone),
    "prior_experience_person_fkey": .invalid(pointer: "/person", gone),
    "exemption_person_fkey": .invalid(pointer: "/person", gone),
    "role_assignment_person_fkey": .invalid(pointer: "/person", gone),
    "role_assignment_school_fkey": .invalid(pointer: "/school", gone),
    "school_group_school_fkey": .invalid(pointer: "/school", gone),
    "policy_pkey": .conflict(code: "overtaken", overtaken),
    "policy_due_soon_days_range": .invalid(pointer: "/due_soon_days", dueSoon),
    "report_schedule_weekday_of_week": .invalid(pointer: "/weekday", cadence),
    "report_schedule_day_of_month": .invalid(pointer: "/month_day", cadence),
    "report_recipient_scope": .invalid(pointer: "/recipients", schoolRole),
    "notice_once": .conflict(code: "taken", notice),
    "notice_school_fkey": .invalid(pointer: "/school", gone),
    "objection_school_fkey": .invalid(pointer: "/school", gone),
    "objection_ended_for_a_reason": .invalid(pointer: "/reason", ended),
    "placement_one_group": .conflict(code: "overtaken", overtaken),
    "placement_group_fkey": .conflict(code: "in_use", inUse),
    "measure_one_of_a_kind": .conflict(code: "taken", taken("kind", "kind")),
    "promise_once": .conflict(code: "promised_already", promised),
    "consent_one_granted": .conflict(code: "granted", granted),
    "consent_until_ahead": .invalid(pointer: "/until", toCome),
    "consent_a_year_at_most": .invalid(pointer: "/until", year),
    "consent_recipient_is_another": .invalid(pointer: "/recipient", oneself),
    "report_acknowledgement_until_ahead": .invalid(pointer: "/until", toCome),
    "report_acknowledgement_a_year_at_most": .invalid(pointer: "/until", year),
    "label_length": .invalid(pointer: "", characters),
    "label_printable": .invalid(pointer: "", characters),
    "label_normalized": .invalid(pointer: "", characters),
    "civil_date_in_bounds": .invalid(pointer: "", range),
  ]

  private static let overlap = Fault.Wording(
    dutch: "Dit overlapt met een feit dat er al is: pas dat aan, of kies andere dagen.",
    english: "This overlaps a fact that is there already: change that one, or choose other days.")
  private static let order = Fault.Wording(
    dutch: "De laatste dag moet na de eerste komen.", english: "The last day must come after the first.")
  private static let openRequest = Fault.Wording(
    dutch: "Er loopt al een aanvraag van deze soort; rond die eerst af, of trek haar in.",
    english: "There is an open request of this kind already; finish it first, or withdraw it.")
  private static let invited = Fault.Wording(
    dutch: "U hebt deze leerkracht al uitgenodigd; het antwoord is er nog niet.",
    english: "You have invited this teacher already; there is no answer yet.")
  private static let asked = Fault.Wording(
    dutch: "Een aanvraag noemt doel en onderwerp van de leervraag.",
    english: "A request names the aim and the subject of the learning question.")
  private static let proposed = Fault.Wording(
    dutch: "Dit voorstel ligt er al; de ander is aan zet.",
    english: "This has been proposed already; it is for the other to answer.")
  private static let held = Fault.Wording(
    dutch: "Noem een gesprek dat al gevoerd is.", english: "Name a talk that has been held.")
  private static let range = Fault.Wording(dutch: "Buiten de grenzen.", english: "Out of bounds.")
  private static let scope = Fault.Wording(
    dutch: "director en school_admin horen bij een school, de andere rollen niet.",
    english: "director and school_admin belong to a school, the other roles do not.")
  private static let cadence = Fault.Wording(
    dutch: "Een wekelijks schema heeft een weekday, een maandelijks een month_day, en de andere hebben geen van beide.",
    english: "A weekly schedule has a weekday, a monthly one a month_day, and the others have neither.")
  private static let schoolRole = Fault.Wording(
    dutch: "Alleen director en school_admin horen bij een school.",
    english: "Only director and school_admin belong to a school.")
  private static let inUse = Fault.Wording(
    dutch: "Er wordt naar verwezen; daarom blijft het bestaan.", english: "It is referred to, and so it stays.")
  private static let itself = Fault.Wording(
    dutch: "Een school gaat niet op in zichzelf.", english: "A school is not merged into itself.")
  private static let address = Fault.Wording(dutch: "Geef een e-mailadres.", english: "Give an e-mail address.")
  private static let characters = Fault.Wording(
    dutch: "De tekst bevat tekens of een lengte die hier niet kan.",
    english: "The text has characters or a length that cannot be had here.")
  private static let firstEmployment = Fault.Wording(
    dutch: "Een school registreert iemand met een eerste aanstelling bij die school.",
    english: "A school registers a person with a first employment at that school.")
  private static let ahead = Fault.Wording(
    dutch: "Een nieuwe versie begint na vandaag, zodat geen termijn achteraf verandert.",
    english: "A new version begins after today, so that no deadline changes behind anybody's back.")
  private static let approval = Fault.Wording(
    dutch: "Zonder dag valt er niets goed te keuren.", english: "Without a day there is nothing to approve.")
  private static let gone = Fault.Wording(
    dutch: "Dit bestaat niet, of niet meer.", english: "This does not exist, or no longer does.")
  private static let notice = Fault.Wording(
    dutch: "Voor dit schooljaar en langs deze weg is er al een bericht; wijzig dat.",
    english: "There is a notice for this school year and channel already; change that one.")
  private static let ended = Fault.Wording(
    dutch: "Een bezwaar eindigt als de ouder het intrekt, of als de leerling vertrekt.",
    english: "An objection ends when the parent withdraws it, or when the pupil leaves.")
  private static let promised = Fault.Wording(
    dutch: "Deze maatregel is voor deze opname al toegezegd.",
    english: "This measure has been promised for this recording already.")
  private static let granted = Fault.Wording(
    dutch: "Deze persoon heeft al toestemming hiervoor; trek die eerst in.",
    english: "This person has consent for it already; withdraw that first.")
  private static let toCome = Fault.Wording(dutch: "Geef een dag na vandaag.", english: "Give a day after today.")
  private static let oneself = Fault.Wording(
    dutch: "Uzelf hoeft u geen toestemming te geven.", english: "You need no consent of your own.")
  private static let year = Fault.Wording(
    dutch: "Dit geldt hoogstens twaalf maanden.", english: "This holds for twelve months at most.")
  private static let decided = Fault.Wording(
    dutch: "Hierover is al beslist.", english: "This has been decided already.")
  private static let overtaken = Fault.Wording(
    dutch: "Iemand anders was net eerder; probeer het opnieuw.",
    english: "Somebody else was just before you; try again.")
  private static let dueSoon = Fault.Wording(
    dutch: "Geef er niet minder dan at_risk_days.", english: "Give no fewer than at_risk_days.")

  private static func taken(_ english: String, _ dutch: String) -> Fault.Wording {
    Fault.Wording(
      dutch: "Er is er al een met dit gegeven: \(dutch).", english: "There is one with this already: \(english).")
  }
}
