import AsyncHTTPClient
import Logging
import NIOCore

/// Asks the provider for its description and its keys, with limits on all that it may answer.
struct ProviderDocuments: Sendable {
  private let client: HTTPClient

  /// Why the keys could not be had; for the log.
  enum Fault: Error, Equatable, CustomStringConvertible {
    case unreachable(String)
    case status(UInt)
    case tooSlow
    case tooLarge
    case notADescription
    case otherIssuer
    case untrustworthyKeyAddress
    case notAKeySet
    case noUsableKey

    var description: String {
      switch self {
      case .unreachable(let kind): "not reachable (\(kind))"
      case .status(let code): "answered with status \(code)"
      case .tooSlow: "took longer than 5 seconds"
      case .tooLarge: "answered with more than 1 MiB"
      case .notADescription: "its openid-configuration is no description of a provider"
      case .otherIssuer: "its openid-configuration names another issuer"
      case .untrustworthyKeyAddress: "its jwks_uri is neither https nor on this machine"
      case .notAKeySet: "its jwks_uri has no key set"
      case .noUsableKey: "its key set has no key that can be used"
      }
    }
  }

  /// Runs `body` with a client of its own. Answers from elsewhere than where we asked are not followed: a redirect says
  /// nothing about who may publish keys.
  static func with(_ body: (ProviderDocuments) async -> Void) async throws {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: .init(connect: .seconds(3), read: .seconds(5)))
    configuration.httpVersion = .http1Only
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    await body(ProviderDocuments(client: client))
    try await client.shutdown()
  }

  /// The keys that the provider publishes now.
  func keys(of issuer: Issuer) async throws(Fault) -> KeySet {
    guard let description = JSONValue(try await get(issuer.configuration))?.object, !description.isAmbiguous,
      let name = description["issuer"]?.string, let address = description["jwks_uri"]?.string
    else { throw .notADescription }
    guard name.utf8.elementsEqual(issuer.text.utf8) else { throw .otherIssuer }
    guard WebAddress(address)?.isTrustworthy == true else { throw .untrustworthyKeyAddress }
    guard let keys = await KeySet(try await get(address)) else { throw .notAKeySet }
    guard keys.count > 0 else { throw .noUsableKey }
    return keys
  }

  /// The body of an answer, whole within five seconds. (The client's own deadline ends where the body begins.)
  private func get(_ address: String) async throws(Fault) -> [UInt8] {
    let outcome = await withTaskGroup(of: Result<[UInt8], Fault>?.self) { tasks in
      tasks.addTask { await fetch(address) }
      tasks.addTask {
        // Ends early only when the answer is there or nobody wants it any more.
        do { try await Task.sleep(for: .seconds(5)) } catch { return nil }
        return .failure(.tooSlow)
      }
      let first = await tasks.next() ?? nil
      tasks.cancelAll()
      return first
    }
    guard let outcome else { throw .unreachable("cancelled") }
    return try outcome.get()
  }

  private func fetch(_ address: String) async -> Result<[UInt8], Fault> {
    do {
      var request = HTTPClientRequest(url: address)
      request.headers.add(name: "accept", value: "application/json, application/jwk-set+json")
      let response = try await client.execute(request, timeout: .seconds(5))
      guard response.status == .ok else { return .failure(.status(response.status.code)) }
      return .success(Array(buffer: try await response.body.collect(upTo: Self.limit)))
    } catch is NIOTooManyBytesError {
      return .failure(.tooLarge)
    } catch let error as HTTPClientError {
      return .failure(error == .deadlineExceeded ? .tooSlow : .unreachable(error.shortDescription))
    } catch {
      return .failure(.unreachable("\(type(of: error))"))
    }
  }

  private static let limit = 1 << 20
}
