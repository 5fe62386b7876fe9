-- Referrals out of appraisal talks can be imported, by a director for the own schools.

alter table import
  drop constraint import_kind_known,
  add constraint import_kind_known check (kind in ('schools', 'staff', 'absences', 'past-recordings', 'referrals')),
  drop constraint import_schools_of_absences,
  add constraint import_schools_of_kind check (kind in ('absences', 'referrals') or school_ids is null);
comment on column import.kind is 'What the file holds: schools, staff, absences, past-recordings or referrals.';
comment on column import.school_ids is 'Absences, referrals: only of people of these schools, those that the maker administered, or directed, on uploading; null for the whole board.';
