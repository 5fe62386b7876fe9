-- Schools, people and what is known of them. Intervals are [from_date, until_date): until is exclusive everywhere,
-- null means without a known end. Ids are UUIDv7, made by the application.

create table school (
  id uuid constraint school_pkey primary key,
  code text not null
    constraint school_code_unique unique
    constraint school_code_shape check (code ~ '^[0-9]{2}[A-Z]{2}[0-9]{2}$'),
  name label not null,
  board_number text not null constraint school_board_number_shape check (board_number ~ '^[0-9]{5}$'),
  street text constraint school_street_length check (char_length(street) between 1 and 200),
  house_number text constraint school_house_number_length check (char_length(house_number) between 1 and 40),
  postal_code text constraint school_postal_code_shape check (postal_code ~ '^[1-9][0-9]{3} [A-Z]{2}$'),
  city text constraint school_city_length check (char_length(city) between 1 and 200),
  municipality text constraint school_municipality_length check (char_length(municipality) between 1 and 200),
  denomination text constraint school_denomination_length check (char_length(denomination) between 1 and 200),
  phone text constraint school_phone_length check (char_length(phone) between 1 and 40),
  website text constraint school_website_length check (char_length(website) between 1 and 300),
  open_from civil_date,
  open_until civil_date,
  merged_into uuid constraint school_merged_into_fkey references school,
  version integer not null default 1,
  constraint school_open_order check (open_until > open_from),
  constraint school_not_merged_into_itself check (merged_into <> id)
);
comment on table school is 'A school location (vestiging). Closed or merged, never deleted: employments and history point here.';
comment on column school.id is 'UUIDv7.';
comment on column school.code is 'BRIN (4 characters) and vestigingscode (2), for example 12AB00.';
comment on column school.name is 'As its board registered it, spelling kept.';
comment on column school.board_number is 'Number of the competent authority (bevoegd gezag), five digits.';
comment on column school.street is 'Street of the location.';
comment on column school.house_number is 'House number and addition, for example 1-3.';
comment on column school.postal_code is 'Dutch postal code with its space.';
comment on column school.city is 'Town, as registered.';
comment on column school.municipality is 'Municipality, as registered.';
comment on column school.denomination is 'Denomination, as registered.';
comment on column school.phone is 'Telephone number, as registered.';
comment on column school.website is 'Address on the web, as registered.';
comment on column school.open_from is 'First day it is open; null when not known.';
comment on column school.open_until is 'First day it is no longer open; null while open.';
comment on column school.merged_into is 'The school that went on with this one.';
comment on column school.version is 'Counts changes; the ETag compares it.';
create index school_board on school (board_number);

create table person (
  id uuid constraint person_pkey primary key,
  name label not null,
  subject_key uuid not null default gen_random_uuid(),
  version integer not null default 1
);
comment on table person is 'One human being, once: the name by which others know them, and nothing else. What a school or board registers of them stands in registration.';
comment on column person.id is 'UUIDv7.';
comment on column person.name is 'Full name as written.';
comment on column person.subject_key is 'Random key by which audit rows name this person: erasing the person removes the mapping, not the rows. Not readable by the application.';
comment on column person.version is 'Counts changes; the ETag compares it.';

create table registration (
  person_id uuid constraint registration_pkey primary key
    constraint registration_person_fkey references person on delete cascade,
  person_number text not null
    constraint registration_person_number_unique unique
    constraint registration_person_number_shape check (person_number ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$'),
  email text
    constraint registration_email_shape check (email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+\.[^@[:space:][:cntrl:]]+$' and char_length(email) <= 254),
  teaching_since civil_date,
  teaching_since_approved_at timestamptz,
  language text not null default 'nl' constraint registration_language_known check (language in ('nl', 'en')),
  subject text constraint registration_subject_unique unique
    constraint registration_subject_length check (char_length(subject) between 1 and 255),
  disabled_at timestamptz,
  version integer not null default 1,
  constraint registration_approval_needs_date check (teaching_since_approved_at is null or teaching_since is not null)
);
comment on table registration is 'What the board registers of a person beside the name: visible to fewer people than the name is.';
comment on column registration.person_id is 'Whose registration this is.';
comment on column registration.person_number is 'Number in the board''s personnel system.';
comment on column registration.email is 'Address at work.';
comment on column registration.teaching_since is 'First qualified teaching day, anywhere; source of S in the starter rules.';
comment on column registration.teaching_since_approved_at is 'When the board confirmed teaching_since; an unconfirmed date counts as missing.';
comment on column registration.language is 'Language of mails and defaults: nl or en.';
comment on column registration.subject is 'sub at the organisation''s OpenID provider, once linked.';
comment on column registration.disabled_at is 'From this instant on the person is refused at the door.';
comment on column registration.version is 'Counts changes; the ETag compares it.';
create unique index registration_email_unique on registration (lower(email));

create table employment (
  id uuid constraint employment_pkey primary key,
  person_id uuid not null constraint employment_person_fkey references person on delete cascade,
  school_id uuid not null constraint employment_school_fkey references school,
  job text not null constraint employment_job_known check (job in ('teacher', 'director', 'support')),
  fte numeric(5, 4) not null constraint employment_fte_range check (fte > 0 and fte <= 1.5),
  from_date civil_date not null,
  until_date civil_date,
  version integer not null default 1,
  constraint employment_order check (until_date > from_date),
  constraint employment_no_overlap exclude using gist (
    person_id with =, school_id with =, job with =, daterange(from_date, until_date) with &&)
);
comment on table employment is 'Person × school × job, for a time (aanstelling). Teaching employments of one person may run at several schools at once.';
comment on column employment.id is 'UUIDv7.';
comment on column employment.person_id is 'Who.';
comment on column employment.school_id is 'Where.';
comment on column employment.job is 'teacher, director or support; only teacher counts for the starter programme.';
comment on column employment.fte is 'Full-time equivalent (werktijdfactor); does not stretch the starter window.';
comment on column employment.from_date is 'First day.';
comment on column employment.until_date is 'First day after the last; null when no end is known.';
comment on column employment.version is 'Counts changes; the ETag compares it.';
create index employment_person on employment (person_id);
create index employment_school on employment (school_id, person_id);

create table role_assignment (
  id uuid constraint role_assignment_pkey primary key,
  person_id uuid not null constraint role_assignment_person_fkey references person on delete cascade,
  role text not null constraint role_assignment_role_known check (
    role in ('coach', 'director', 'school_admin', 'adviser', 'privacy_officer', 'system_admin')),
  school_id uuid constraint role_assignment_school_fkey references school,
  from_date civil_date not null,
  until_date civil_date,
  granted_by uuid constraint role_assignment_granted_by_fkey references person on delete set null,
  version integer not null default 1,
  constraint role_assignment_order check (until_date > from_date),
  constraint role_assignment_scope check ((role in ('director', 'school_admin')) = (school_id is not null)),
  constraint role_assignment_not_ones_own check (granted_by <> person_id),
  constraint role_assignment_no_overlap exclude using gist (
    person_id with =, role with =, (coalesce(school_id, '00000000-0000-0000-0000-000000000000')) with =,
    daterange(from_date, until_date) with &&)
);
comment on table role_assignment is 'Person × role × school or whole board, for a time. Everybody is besides, without a row here, the teacher of their own data.';
comment on column role_assignment.id is 'UUIDv7.';
comment on column role_assignment.person_id is 'Who holds the role.';
comment on column role_assignment.role is 'coach, director, school_admin, adviser, privacy_officer or system_admin.';
comment on column role_assignment.school_id is 'The school of a director or school_admin; null for the roles of the whole board.';
comment on column role_assignment.from_date is 'First day.';
comment on column role_assignment.until_date is 'First day without it: the next request after midnight no longer has the role.';
comment on column role_assignment.granted_by is 'Who gave it, never the holder; null when an import or the operator did.';
comment on column role_assignment.version is 'Counts changes; the ETag compares it.';
create index role_assignment_person on role_assignment (person_id);

create table absence (
  id uuid constraint absence_pkey primary key,
  person_id uuid not null constraint absence_person_fkey references person on delete cascade,
  category text not null constraint absence_category_known check (
    category in ('parental_leave', 'maternity_leave', 'care_leave', 'study_leave', 'unpaid_leave', 'long_term_absence', 'other_leave')),
  from_date civil_date not null,
  until_date civil_date,
  version integer not null default 1,
  constraint absence_order check (until_date > from_date),
  constraint absence_no_overlap exclude using gist (
    person_id with =, category with =, daterange(from_date, until_date) with &&)
);
comment on table absence is 'Leave that may stop the starter clock: a category, never a medical reason.';
comment on column absence.id is 'UUIDv7.';
comment on column absence.person_id is 'Who is away.';
comment on column absence.category is 'Kind of leave.';
comment on column absence.from_date is 'First day away.';
comment on column absence.until_date is 'First day back; null when not known.';
comment on column absence.version is 'Counts changes; the ETag compares it.';

create table prior_experience (
  id uuid constraint prior_experience_pkey primary key,
  person_id uuid not null constraint prior_experience_person_fkey references person on delete cascade,
  from_date civil_date not null,
  until_date civil_date not null,
  evidence label not null,
  claimed_by uuid constraint prior_experience_claimed_by_fkey references person on delete set null,
  approved_by uuid constraint prior_experience_approved_by_fkey references person on delete set null,
  approved_at timestamptz,
  version integer not null default 1,
  constraint prior_experience_order check (until_date > from_date),
  constraint prior_experience_not_ones_own check (approved_by <> person_id and approved_by <> claimed_by)
);
comment on table prior_experience is 'Teaching elsewhere before: a claim until the adviser approves it, then it moves the first teaching day back.';
comment on column prior_experience.id is 'UUIDv7.';
comment on column prior_experience.person_id is 'Whose experience.';
comment on column prior_experience.from_date is 'First day elsewhere.';
comment on column prior_experience.until_date is 'First day after it.';
comment on column prior_experience.evidence is 'Name of the evidence seen, for example a statement of the former employer; never the evidence itself.';
comment on column prior_experience.claimed_by is 'Who entered the claim.';
comment on column prior_experience.approved_by is 'The adviser who approved it: neither the person nor the one who claimed it.';
comment on column prior_experience.approved_at is 'When it was approved; null while it is a claim, which counts for nothing.';
comment on column prior_experience.version is 'Counts changes; the ETag compares it.';
create index prior_experience_person on prior_experience (person_id);

create table exemption (
  id uuid constraint exemption_pkey primary key,
  person_id uuid not null constraint exemption_person_fkey references person on delete cascade,
  code code not null constraint exemption_code_known check (
    code in ('qualified_elsewhere', 'coached_elsewhere', 'no_teaching_duties', 'end_of_career', 'other_agreement')),
  evidence label not null,
  from_date civil_date not null,
  review_date civil_date not null,
  granted_by uuid constraint exemption_granted_by_fkey references person on delete set null,
  version integer not null default 1,
  constraint exemption_order check (review_date > from_date),
  constraint exemption_not_ones_own check (granted_by <> person_id),
  constraint exemption_no_overlap exclude using gist (person_id with =, daterange(from_date, review_date) with &&)
);
comment on table exemption is 'The adviser''s decision that a starter need not be recorded, until its review date, on which it lapses.';
comment on column exemption.id is 'UUIDv7.';
comment on column exemption.person_id is 'Who is exempt.';
comment on column exemption.code is 'Reason, as a code.';
comment on column exemption.evidence is 'Name of the evidence seen.';
comment on column exemption.from_date is 'First day it holds.';
comment on column exemption.review_date is 'First day it no longer holds.';
comment on column exemption.granted_by is 'The adviser who granted it.';
comment on column exemption.version is 'Counts changes; the ETag compares it.';

create table school_group (
  id uuid constraint school_group_pkey primary key,
  school_id uuid not null constraint school_group_school_fkey references school,
  school_year smallint not null constraint school_group_year_range check (school_year between 2000 and 2199),
  name label not null,
  version integer not null default 1,
  constraint school_group_name_unique unique (school_id, school_year, name)
);
comment on table school_group is 'A class of a school in one school year (1 August to 31 July); "group" in the API, a reserved word in SQL.';
comment on column school_group.id is 'UUIDv7.';
comment on column school_group.school_id is 'Whose class.';
comment on column school_group.school_year is 'The year in which the school year begins: 2026 is 2026-08-01 to 2027-07-31.';
comment on column school_group.name is 'Its name at the school, for example 5b.';
comment on column school_group.version is 'Counts changes; the ETag compares it.';

-- Shapes of the API's answers. A row made into JSON is written without blanks, json_build_object is not.

create type named_person as (id uuid, name text);
comment on type named_person is 'A person as answers name them.';
create type named_school as (id uuid, code text, name text);
comment on type named_school is 'A school as answers name it.';
create type list_page as (items json, next text);
comment on type list_page is 'One page of a list, and the cursor of the next.';
