create or replace function app.cursor(variadic parts text[])
  returns text
  language sql immutable parallel safe
as $$
  select translate(rtrim(encode(convert_to(array_to_string(parts, chr(31), ''), 'UTF8'), 'base64'), '='), E'+/\n', '-_')
$$;
comment on function app.cursor(text[]) is
  'The opaque place in a list: base64url, without padding, of the sort keys of its last row, joined by U+001F; null is the empty part.';
grant execute on function app.cursor(text[]) to beeld_app, beeld_jobs;
