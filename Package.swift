// swift-tools-version: 6.2
import PackageDescription

// Each room knows only those above it:
// CLibpq ← Postgres ← Schema ← Program ← {API, Reports, Jobs} ← beeld
// OpenID ← API: access tokens of an identity provider, without a word about what they open.
// CLibarchive ← Archive ← API: ZIP, without a word about what is in it.
// CLibcurl ← Mail ← Jobs: SMTP, without a word about what is sent.
// CLibxlsxwriter ← Reports: spreadsheets.
//
// BEELD_ROOMS leaves only the rooms up to the one named and their tests: the ThreadSanitizer run builds
// `postgres`, one small module without any other package, and not all of SwiftNIO.
let rooms = Context.environment["BEELD_ROOMS"] ?? "all"

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

let postgresRooms: [Target] = [
  .systemLibrary(
    name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
  .target(name: "Postgres", dependencies: ["CLibpq"], swiftSettings: strict),
  .testTarget(name: "PostgresTests", dependencies: ["Postgres"], swiftSettings: strict),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpFields = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")

let programRooms: [Target] = [
  .executableTarget(name: "EmbedSQL", swiftSettings: strict),
  .plugin(
    name: "EmbedSQLPlugin", capability: .buildTool(), dependencies: ["EmbedSQL"],
    path: "Sources/EmbedSQLPlugin"),
  .target(
    name: "Schema", dependencies: ["Postgres", crypto], swiftSettings: strict,
    plugins: ["EmbedSQLPlugin"]),
  .target(name: "Program", dependencies: ["Schema", "Postgres", crypto], swiftSettings: strict),
  .target(
    name: "TestDatabase", dependencies: ["Postgres", "Schema"], path: "Tests/TestDatabase", swiftSettings: strict),
  .testTarget(name: "SchemaTests", dependencies: ["Schema", "TestDatabase"], swiftSettings: strict),
  .testTarget(name: "ProgramTests", dependencies: ["Program", "TestDatabase"], swiftSettings: strict),
]

let reportRooms: [Target] = [
  .systemLibrary(name: "CLibxlsxwriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
  .target(name: "Reports", dependencies: ["CLibxlsxwriter", "Program", mustache], swiftSettings: strict),
  .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestDatabase", crypto], swiftSettings: strict),
]

let archiveRooms: [Target] = [
  .systemLibrary(name: "CLibarchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
  .target(name: "Archive", dependencies: ["CLibarchive"], swiftSettings: strict),
]

let mailRooms: [Target] = [
  .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
  .target(name: "Mail", dependencies: ["CLibcurl"], swiftSettings: strict),
  .testTarget(name: "MailTests", dependencies: ["Mail"], swiftSettings: strict),
]

let openIDRooms: [Target] = [
  .target(name: "OpenID", dependencies: [crypto, httpClient, jwt, logging, nio], swiftSettings: strict),
  .target(
    name: "TestProvider", dependencies: [crypto, cryptoExtras, nio, nioHTTP, nioPosix], path: "Tests/TestProvider",
    swiftSettings: strict),
  .testTarget(
    name: "OpenIDTests", dependencies: ["OpenID", "TestProvider", crypto, logging], swiftSettings: strict),
]

let serverRooms: [Target] = [
  .target(name: "Jobs", dependencies: ["Mail", "Program", "Reports", lifecycle, logging], swiftSettings: strict),
  .target(
    name: "API",
    dependencies: [
      "Archive", "OpenID", "Program", "Reports", hummingbird, hummingbirdCore, httpFields, httpTypes, lifecycle,
      logging, mustache,
      nio, nioHTTP, nioPosix,
    ],
    swiftSettings: strict),
  .testTarget(
    name: "APITests", dependencies: ["API", "OpenID", "Program", "TestDatabase", "TestProvider"], swiftSettings: strict),
  .executableTarget(
    name: "beeld",
    dependencies: ["API", "Jobs", "Mail", "OpenID", "Reports", argumentParser, configuration, lifecycle, logging],
    swiftSettings: strict),
]

let cryptoPackage = Package.Dependency.package(url: "https://github.com/apple/swift-crypto", from: "4.5.0")
let mustachePackage = Package.Dependency.package(
  url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0")
let openIDPackages: [Package.Dependency] = [
  .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
  .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
  .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
]
let serverPackages: [Package.Dependency] = [
  .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
  .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
  .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
  .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
  .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
]

let (dependencies, targets): ([Package.Dependency], [Target]) =
  switch rooms {
  case "postgres": ([], postgresRooms)
  case "program": ([cryptoPackage], postgresRooms + programRooms)
  case "reports": ([cryptoPackage, mustachePackage], postgresRooms + programRooms + reportRooms)
  case "mail": ([], mailRooms)
  case "openid": ([cryptoPackage] + openIDPackages, openIDRooms)
  default:
    (
      [cryptoPackage, mustachePackage] + openIDPackages + serverPackages,
      postgresRooms + programRooms + reportRooms + archiveRooms + mailRooms + openIDRooms + serverRooms
    )
  }

let package = Package(
  name: "beeld",
  platforms: [.macOS(.v15)],
  dependencies: dependencies,
  targets: targets,
  swiftLanguageModes: [.v6]
)
