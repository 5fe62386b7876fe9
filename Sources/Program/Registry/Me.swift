import Postgres

/// The person who asks: registration, roles of today, and the own starter status.
public enum Me {
  static let statement = Statement(
    """
    select r.version, json_build_object(
      'person', json_build_object('id', p.id, 'name', p.name),
      'person_number', r.person_number,
      'email', r.email,
      'language', r.language,
      'roles', (
        select coalesce(json_agg(json_build_object(
          'role', a.role,
          'school', case when s.id is not null then json_build_object('id', s.id, 'code', s.code, 'name', s.name) end,
          'from', a.from_date,
          'until', a.until_date) order by a.role, s.code), '[]')
        from role_assignment a
        left join school s on s.id = a.school_id
        where a.person_id = p.id
          and a.from_date <= app.today()
          and (a.until_date is null or a.until_date > app.today())),
      'starter', app.my_starter_status()) as body
    from person p
    join registration r on r.person_id = p.id
    where p.id = app.me()
    """)

  public static var query: BoundStatement { statement() }
}
