import Synchronization

/// Whether this instance still wants requests: once it drains, load balancers are told to go elsewhere.
public final class Readiness: Sendable {
  private let draining = Atomic(false)

  public init() {}

  public var isDraining: Bool { draining.load(ordering: .acquiring) }

  public func drain() { draining.store(true, ordering: .releasing) }
}
