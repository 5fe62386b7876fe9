-- The board's rules as data: one row per version. What is [P] in the product's rules can change here without a release.

create table policy (
  version integer constraint policy_pkey primary key constraint policy_version_positive check (version > 0),
  valid_from civil_date not null constraint policy_valid_from_unique unique,
  programme_start civil_date not null,
  window_months smallint not null default 36 constraint policy_window_months_range check (window_months between 1 and 120),
  pause_days smallint not null default 30 constraint policy_pause_days_range check (pause_days between 1 and 365),
  at_risk_days smallint not null default 90 constraint policy_at_risk_days_range check (at_risk_days >= 0),
  due_soon_days smallint not null default 180 constraint policy_due_soon_days_range check (due_soon_days >= at_risk_days),
  decided_by uuid constraint policy_decided_by_fkey references person on delete set null
);
comment on table policy is 'Versions of the board''s rules. The version in force on a day is the one with the latest valid_from up to it, else the first.';
comment on column policy.version is 'Number that every report run and explanation names.';
comment on column policy.valid_from is 'First day it is in force.';
comment on column policy.programme_start is 'Windows that ended before this day are out of scope.';
comment on column policy.window_months is 'Length of the starter window in months [S: three years].';
comment on column policy.pause_days is 'An absence of at least so many calendar days stops the clock.';
comment on column policy.at_risk_days is 'A deadline at most so many days away, without a recording planned before it, is at risk.';
comment on column policy.due_soon_days is 'A deadline at most so many days away is due soon.';
comment on column policy.decided_by is 'The adviser who entered it; null for the first.';

insert into policy (version, valid_from, programme_start)
values (1, date '2020-08-01', date '2023-08-01');
