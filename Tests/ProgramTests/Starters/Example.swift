import TestDatabase

/// The teacher of the API's documented example, an adviser, and a voluntary recording besides.
struct Example {
  static let person = "01900001-0000-7000-8000-000000000001"
  static let adviser = "01900001-0000-7000-8000-000000000002"
  static let school = "01900002-0000-7000-8000-000000000001"

  let database: TestDatabase

  static func made() async throws -> Example {
    let database = try await TestDatabase.fresh()
    try await database.script(
      """
      update policy set valid_from = '2020-08-01', programme_start = '2023-08-01' where version = 1;
      insert into school (id, code, name, board_number) values ('\(school)', '15IB00', 'It Bûtenplak', '41573');
      insert into person (id, name) values ('\(person)', 'Eén Leraar'), ('\(adviser)', 'Een Adviseur');
      insert into registration (person_id, person_number, teaching_since, teaching_since_approved_at)
      values ('\(person)', '1', '2023-08-01', now()), ('\(adviser)', '2', null, null);
      insert into employment (id, person_id, school_id, job, fte, from_date)
      values (gen_random_uuid(), '\(person)', '\(school)', 'teacher', 0.8, '2023-08-01');
      insert into absence (id, person_id, category, from_date, until_date)
      values
        (gen_random_uuid(), '\(person)', 'parental_leave', '2024-02-01', '2024-04-16'),
        (gen_random_uuid(), '\(person)', 'care_leave', '2024-10-01', '2024-10-30'),
        (gen_random_uuid(), '\(person)', 'study_leave', '2026-10-15', '2026-11-20');
      insert into recording (id, teacher_id, origin, counts_for_programme, state, planned_on, scheduled_for,
        recorded_on, debriefed_on)
      values
        (gen_random_uuid(), '\(person)', 'starter_programme', true, 'debriefed', '2026-05-01', '2026-05-11',
          '2026-05-11', '2026-05-13'),
        (gen_random_uuid(), '\(person)', 'own_wish', false, 'debriefed', '2026-06-01', '2026-06-10',
          '2026-06-10', '2026-06-11');
      """)
    return Example(database: database)
  }
}
