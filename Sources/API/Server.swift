import Hummingbird
import Logging
import OpenID
import Postgres
import Program
import ServiceLifecycle

/// The HTTP server: routes, conventions and limits over one database.
public struct Server: Sendable {
  let database: Database
  private let jobs: Database
  let observer: DatabaseObserver
  let readiness: Readiness
  let logger: Logger
  private let metrics = RequestMetrics()
  private let slots: DocumentSlots
  private let limits: RateLimits<Identity>
  /// One calendar programme asks every few minutes; ten may ask at once.
  private let calendarLimits = RateLimits<[UInt8]>(perSecond: 1)
  /// The same of whoever has the address in a mail.
  private let subscriptionLimits = RateLimits<[UInt8]>(perSecond: 1)
  private let publicURL: String
  private let use: TokenUse
  private let counts: JobCounts
  private let crossOrigin: CrossOrigin
  private let signIn: SignIn?
  private let vault: Vault

  /// - Parameters:
  ///   - database: logged in as `beeld_app`: row-level security holds it.
  ///   - jobs: logged in as `beeld_jobs`: makes what imports and reports make.
  ///   - observer: the one that was given to `database`.
  ///   - publicURL: under which the server is known outside, without a slash at its end.
  ///   - requestsPerSecond: of one identity, in the long run.
  ///   - documents: how many may be on their way at once: as many as the long lane of `database` has connections.
  ///   - accessTokens: those of the organisation's provider; without, only the server's own tokens are good.
  ///   - linksByEmail: whether a subject whom nobody has is linked to the person whose address the provider has
  ///     verified.
  ///   - masterKeys: of content; without, its routes answer 503 and everything else is as it is.
  public init(
    database: Database, jobs: Database, observer: DatabaseObserver, readiness: Readiness, logger: Logger,
    publicURL: String, requestsPerSecond: Int = 50, documents: Int = 2, accessTokens: AccessTokens? = nil,
    linksByEmail: Bool = false,
    origins: Set<String> = [], counts: JobCounts = JobCounts(), masterKeys: MasterKeys? = nil
  ) {
    self.counts = counts
    self.publicURL = publicURL
    vault = Vault(masterKeys, database: database)
    crossOrigin = CrossOrigin(origins: origins)
    limits = RateLimits(perSecond: requestsPerSecond)
    slots = DocumentSlots(documents)
    signIn = accessTokens.map { SignIn(tokens: $0, linksByEmail: linksByEmail, database: database) }
    use = TokenUse(database, logger: logger)
    self.database = database
    self.jobs = jobs
    self.observer = observer
    self.readiness = readiness
    self.logger = logger
  }

  /// All routes, for tests and documentation.
  public var routes: RouteTable { build().table }

  /// The service that listens until it is told to stop, then finishes the work in hand.
  public func service(
    host: String, port: Int, onListening: @escaping @Sendable (Int?) async -> Void = { _ in }
  ) -> some Service {
    let routes = build()
    let frame = Frame(
      inner: routes.router.buildResponder(), routes: routes.table, signIn: signIn, crossOrigin: crossOrigin,
      metrics: metrics, logger: logger)
    return HTTPService(respond: frame.respond, host: host, port: port, logger: logger, onListening: onListening)
  }

  /// The service that writes down which tokens were used.
  public var tokenUse: some Service { use }

  private func build() -> RouteBuilder {
    var routes = RouteBuilder(limits: limits, use: use)
    OperationRoutes(
      database: database, jobs: jobs, counts: counts, observer: observer, metrics: metrics, readiness: readiness
    ).add(to: &routes)
    MeRoutes(database: database).add(to: &routes)
    OwnDataRoutes(database: database, vault: vault, slots: slots).add(to: &routes)
    for noun in Noun.all { NounRoutes(noun: noun, database: database, vault: vault).add(to: &routes) }
    for kind in ContentKind.all { ContentRoutes(kind: kind, vault: vault, database: database).add(to: &routes) }
    ConsentRoutes(database: database).add(to: &routes)
    ClearanceRoutes(database: database, vault: vault).add(to: &routes)
    ObjectionRoutes(database: database).add(to: &routes)
    SchoolRoutes(database: database).add(to: &routes)
    PersonRoutes(database: database).add(to: &routes)
    PolicyRoutes(database: database).add(to: &routes)
    RequestRoutes(database: database).add(to: &routes)
    CalendarRoutes(database: database, publicURL: publicURL, limits: calendarLimits).add(to: &routes)
    StarterRoutes(database: database).add(to: &routes)
    CoverageRoutes(database: database).add(to: &routes)
    FigureRoutes(database: database).add(to: &routes)
    ReportRoutes(database: database).add(to: &routes)
    ReportRunRoutes(database: database, slots: slots).add(to: &routes)
    ReportDeliveryRoutes(database: database, limits: subscriptionLimits).add(to: &routes)
    ImportRoutes(database: database, jobs: jobs).add(to: &routes)
    AuditRoutes(database: database).add(to: &routes)
    ReferenceRoutes.add(to: &routes)
    return routes
  }
}
