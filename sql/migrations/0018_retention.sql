-- What is let go when it has been kept as long as the rules say, how much of it was, and what stays as a number.

create table retention (
  night civil_date not null,
  kind text not null constraint retention_kind_known check (
    kind in ('person', 'objection', 'report_run', 'report_row', 'audit', 'api_token', 'command')),
  number bigint not null default 0 constraint retention_number_range check (number >= 0),
  finished_at timestamptz,
  constraint retention_pkey primary key (night, kind)
);
comment on table retention is 'How much was removed because its time was over, by night and kind: counted in the transaction of the removal, so that it is right whenever the work breaks off. Of what is let go every ten minutes (command) there is no end of the night.';
comment on column retention.night is 'The day on which it was removed, in Europe/Amsterdam.';
comment on column retention.kind is 'person (with everything about them), objection, report_run, report_row (of such runs), audit, api_token, or command (the names of commands given).';
comment on column retention.number is 'How many.';
comment on column retention.finished_at is 'When nothing more was found that night; null while the work goes on.';
alter table retention enable row level security;

create table own_wish_year (
  school_year smallint constraint own_wish_year_pkey primary key,
  requests integer constraint own_wish_year_requests_suppressed check (requests >= 5),
  guided integer constraint own_wish_year_guided_suppressed check (guided >= 5),
  classroom_management integer constraint own_wish_year_classroom_management_suppressed check (classroom_management >= 5),
  interaction integer constraint own_wish_year_interaction_suppressed check (interaction >= 5),
  didactics integer constraint own_wish_year_didactics_suppressed check (didactics >= 5),
  constraint own_wish_year_subjects_whole check (num_nulls(classroom_management, interaction, didactics) in (0, 3)),
  constraint own_wish_year_subjects_add_up check (classroom_management + interaction + didactics = requests),
  constraint own_wish_year_guided_not_by_difference check (abs(requests - guided) >= 5),
  constraint own_wish_year_parts_of_a_whole check (requests is not null or num_nonnulls(guided, classroom_management) = 0)
);
comment on table own_wish_year is 'Figures about voluntary requests: of the whole board, of a school year that is over, counted once and for all, and without those that are too small to be told. By app.close_own_wish_years alone.';
comment on column own_wish_year.school_year is 'The year in which the school year begins.';
comment on column own_wish_year.requests is 'Voluntary requests made in it; null where too few teachers made them.';
comment on column own_wish_year.guided is 'Guidance that came of voluntary requests and began in it; null where too few, or where the difference to the requests would tell of too few.';
comment on column own_wish_year.classroom_management is 'Of the requests, those about it; the three subjects are told together, or none of them.';
comment on column own_wish_year.interaction is 'The same.';
comment on column own_wish_year.didactics is 'The same.';
alter table own_wish_year enable row level security;

do $$
declare
  watched record;
begin
  for watched in
    select *
    from (values
      ('retention', '{}', 'night'),
      ('own_wish_year', '{requests,guided,classroom_management,interaction,didactics}', 'school_year')
    ) as t(name, kept_back, key)
  loop
    execute format(
      'create trigger %1$s_audit_insert after insert on %1$I referencing new table as new_rows
         for each statement execute function app.audit('''', %2$L, %3$L)', watched.name, watched.kept_back, watched.key);
    execute format(
      'create trigger %1$s_audit_update after update on %1$I referencing old table as old_rows new table as new_rows
         for each statement execute function app.audit('''', %2$L, %3$L)', watched.name, watched.kept_back, watched.key);
    execute format(
      'create trigger %1$s_audit_delete after delete on %1$I referencing old table as old_rows
         for each statement execute function app.audit('''', %2$L, %3$L)', watched.name, watched.kept_back, watched.key);
  end loop;
end
$$;

-- The functions' bodies are in sql/functions, applied before they first fire.
create function app.audit_is_kept() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.own_wish_year_is_closed() returns trigger language plpgsql as $$ begin return null; end $$;

-- Audit rows are let go when they have been kept as long as the rules say; until then nobody removes one.
drop trigger audit_insert_only on audit;
create trigger audit_insert_only before update or truncate on audit
  for each statement execute function app.audit_is_insert_only();
create trigger audit_is_kept before delete on audit
  for each row execute function app.audit_is_kept();
create trigger own_wish_year_is_closed before update or delete on own_wish_year
  for each row execute function app.own_wish_year_is_closed();
