-- Statement triggers for the audit and for access. The functions' bodies are in sql/functions, applied before they
-- first fire.

create function app.audit() returns trigger language plpgsql as $$ begin return null; end $$;
create function app.audit_is_insert_only() returns trigger language plpgsql as $$ begin return null; end $$;

do $$
declare
  watched record;
begin
  for watched in
    select *
    from (values
      ('school', '', '{}', 'id'),
      ('person', 'id', '{id,name,subject_key}', 'id'),
      ('registration', 'person_id', '{person_id,person_number,email,subject}', 'person_id'),
      ('employment', 'person_id', '{person_id}', 'id'),
      ('role_assignment', 'person_id', '{person_id,granted_by}', 'id'),
      ('absence', 'person_id', '{person_id}', 'id'),
      ('prior_experience', 'person_id', '{person_id,claimed_by,approved_by}', 'id'),
      ('exemption', 'person_id', '{person_id,granted_by}', 'id'),
      ('school_group', '', '{}', 'id'),
      ('policy', '', '{decided_by}', 'version'),
      ('recording', 'teacher_id', '{teacher_id,coach_id}', 'id'),
      ('api_token', 'person_id', '{person_id,hash}', 'id')
    ) as t(name, subject_column, kept_back, key)
  loop
    execute format(
      'create trigger %1$s_audit_insert after insert on %1$I referencing new table as new_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L)', watched.name, watched.subject_column, watched.kept_back, watched.key);
    execute format(
      'create trigger %1$s_audit_update after update on %1$I referencing old table as old_rows new table as new_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L)', watched.name, watched.subject_column, watched.kept_back, watched.key);
    execute format(
      'create trigger %1$s_audit_delete after delete on %1$I referencing old table as old_rows
         for each statement execute function app.audit(%2$L, %3$L, %4$L)', watched.name, watched.subject_column, watched.kept_back, watched.key);
  end loop;
end
$$;

create trigger audit_insert_only before update or delete or truncate on audit
  for each statement execute function app.audit_is_insert_only();

create function app.access_changed() returns trigger language plpgsql as $$ begin return null; end $$;

do $$
declare
  source text;
begin
  foreach source in array array['registration', 'role_assignment']
  loop
    execute format(
      'create trigger %1$s_access_insert after insert on %1$I referencing new table as new_rows
         for each statement execute function app.access_changed()', source);
    execute format(
      'create trigger %1$s_access_update after update on %1$I referencing old table as old_rows new table as new_rows
         for each statement execute function app.access_changed()', source);
    execute format(
      'create trigger %1$s_access_delete after delete on %1$I referencing old table as old_rows
         for each statement execute function app.access_changed()', source);
  end loop;
end
$$;
