import Foundation
import Postgres
import Schema

/// Looks at a database as the server would use it, and changes nothing.
struct DatabaseExamination {
  let settings: Settings

  func findings() async -> [Finding] {
    var findings: [Finding] = []
    for (role, name) in [(Settings.Role.app, "beeld_app"), (.jobs, "beeld_jobs")] {
      do {
        findings.append(try await settings.withDatabase(as: role) { try await login($0, name) })
      } catch {
        findings.append(
          .fault(
            "login of \(name)", "\(error)",
            remedy: "Is PostgreSQL there, has `beeld migrate` made the role, does pg_hba.conf let it in, and has the "
              + "passfile its password?"))
        return findings
      }
    }
    do {
      findings += try await settings.withDatabase(as: .jobs) { database in
        var found: [Finding] = []
        for look in Self.looks { found.append(try await look(database)) }
        return found
      }
    } catch {
      findings.append(
        .fault("database", "an examination broke off: \(error)", remedy: "Ask again when the database is at rest."))
    }
    return findings
  }

  private func login(_ database: Database, _ name: String) async throws -> Finding {
    let rows = try await database.read(Segment(Self.role()))
    if try rows.bool(0, 0) == true || rows.bool(0, 1) == true {
      return .fault(
        "login of \(name)", "is superuser or passes row-level security by",
        remedy: "alter role \(name) nosuperuser nobypassrls;")
    }
    guard try rows.int(0, 2) == 0 else {
      return .fault(
        "login of \(name)", "owns tables, and so passes row-level security by",
        remedy: "Give them to beeld_owner: reassign owned by \(name) to beeld_owner;")
    }
    return .fine("login of \(name)", "neither owns nor bypasses anything")
  }

  private static let looks: [@Sendable (Database) async throws -> Finding] = [
    version, schema, rowLevelSecurity, clock, timeZone, logging, durability, transport,
  ]

  private static let role = Statement(
    """
    select r.rolsuper, r.rolbypassrls, (select count(*) from pg_class c where c.relowner = r.oid)
    from pg_roles r
    where r.rolname = current_user
    """)
}

// One look for each thing that can be wrong.
extension DatabaseExamination {
  @Sendable private static func version(_ database: Database) async throws -> Finding {
    let rows = try await database.read(Segment(serverVersion()))
    let number = Int(rows.string(0, 0) ?? "") ?? 0
    let says = "PostgreSQL \(rows.string(0, 1) ?? "?")"
    return number >= 150_000
      ? .fine("version", says) : .fault("version", says + " is too old", remedy: "Upgrade to PostgreSQL 15 or newer.")
  }

  @Sendable private static func schema(_ database: Database) async throws -> Finding {
    let own = Schema.current.version
    return switch try await Compatibility.of(database) {
    case .compatible(let version): .fine("schema", "\(version); this binary has \(own)")
    case .notMigrated: .fault("schema", "none", remedy: "beeld migrate")
    case .tooOld(let version): .fault("schema", "\(version), this binary needs \(own)", remedy: "beeld migrate")
    case .tooNew(let version):
      .fault("schema", "\(version), this binary works with \(own) and \(own + 1)", remedy: "Install a newer beeld.")
    }
  }

  @Sendable private static func rowLevelSecurity(_ database: Database) async throws -> Finding {
    let rows = try await database.read(Segment(unprotected()))
    let tables = rows.string(0, 0) ?? ""
    return tables.isEmpty
      ? .fine("row-level security", "on, for every table")
      : .fault(
        "row-level security", "off for \(tables)",
        remedy: "As a superuser in psql: \(rows.string(0, 1) ?? "") Then find out who put it off: everybody may have "
          + "read these tables.")
  }

  @Sendable private static func clock(_ database: Database) async throws -> Finding {
    let before = Date.now
    let rows = try await database.read(Segment(instant()))
    let after = Date.now
    let theirs = try rows.double(0, 0) ?? 0
    let ours = (before.timeIntervalSince1970 + after.timeIntervalSince1970) / 2
    let difference = (theirs - ours).magnitude - after.timeIntervalSince(before) / 2
    return difference < 2
      ? .fine("clock", "the database and this machine agree")
      : .concern(
        "clock", "the database's differs by \(Int(difference)) s; it decides what is due",
        remedy: "Let chrony or systemd-timesyncd run on both machines.")
  }

  @Sendable private static func timeZone(_ database: Database) async throws -> Finding {
    let rows = try await database.read(Segment(amsterdam()))
    return try rows.bool(0, 0) == true
      ? .fine("time zone data", "Europe/Amsterdam has its clock changes")
      : .fault(
        "time zone data", "Europe/Amsterdam is missing or wrong",
        remedy: "Install tzdata on the machine of the database, and restart PostgreSQL.")
  }

  @Sendable private static func logging(_ database: Database) async throws -> Finding {
    let rows = try await database.read(Segment(logSettings()))
    let wrong = rows.string(0, 0) ?? ""
    return wrong.isEmpty
      ? .fine("database log", "keeps no values of people")
      : .concern(
        "database log", "may write values of people: \(wrong)",
        remedy: "In postgresql.conf: log_parameter_max_length = 0, log_parameter_max_length_on_error = 0, "
          + "log_error_verbosity = terse; then select pg_reload_conf();")
  }

  @Sendable private static func durability(_ database: Database) async throws -> Finding {
    let rows = try await database.read(Segment(durable()))
    let wrong = rows.string(0, 0) ?? ""
    return wrong.isEmpty
      ? .fine("durability", "what is answered is on disk")
      : .concern(
        "durability", "\(wrong): what was answered may be lost in a crash",
        remedy: "Set them on in postgresql.conf; off is for tests.")
  }

  @Sendable private static func transport(_ database: Database) async throws -> Finding {
    let rows = try await database.read(Segment(connection()))
    let (isRemote, isEncrypted) = (try rows.bool(0, 0) ?? false, try rows.bool(0, 1) ?? false)
    if !isRemote { return .fine("transport", "the database is on this machine") }
    return isEncrypted
      ? .fine("transport", "TLS to the database; see that sslmode is verify-full")
      : .fault(
        "transport", "the database is on another machine, and the connection is not encrypted",
        remedy: "Add sslmode=verify-full and sslrootcert=… to BEELD_DATABASE_URL.")
  }

  private static let serverVersion = Statement(
    "select current_setting('server_version_num'), current_setting('server_version')")
  private static let unprotected = Statement(
    """
    select
      string_agg(c.relname, ', ' order by c.relname),
      string_agg(format('alter table beeld.%I enable row level security;', c.relname), ' ' order by c.relname)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'beeld'
      and c.relkind in ('r', 'p')
      and not c.relrowsecurity
    """)
  private static let instant = Statement("select extract(epoch from clock_timestamp())")
  private static let amsterdam = Statement(
    """
    select exists (select from pg_timezone_names where name = 'Europe/Amsterdam')
      and timestamptz '2026-03-29 00:59:59+00' at time zone 'Europe/Amsterdam' = timestamp '2026-03-29 01:59:59'
      and timestamptz '2026-03-29 01:00:00+00' at time zone 'Europe/Amsterdam' = timestamp '2026-03-29 03:00:00'
    """)
  private static let logSettings = Statement(
    """
    select string_agg(s.name || ' = ' || s.setting, ', ' order by s.name)
    from pg_settings s
    where (s.name, s.setting) in (
      ('log_error_verbosity', 'default'), ('log_error_verbosity', 'verbose'), ('log_statement', 'all'),
      ('log_statement', 'mod'))
      or s.name in ('log_parameter_max_length', 'log_parameter_max_length_on_error') and s.setting <> '0'
    """)
  private static let durable = Statement(
    """
    select string_agg(s.name || ' = ' || s.setting, ', ' order by s.name)
    from pg_settings s
    where s.name in ('fsync', 'full_page_writes', 'synchronous_commit')
      and s.setting = 'off'
    """)
  private static let connection = Statement(
    """
    select
      coalesce(inet_client_addr() not in (inet '127.0.0.1', inet '::1'), false)
        and inet_client_addr() is distinct from inet_server_addr(),
      coalesce((select t.ssl from pg_stat_ssl t where t.pid = pg_backend_pid()), false)
    """)
}
