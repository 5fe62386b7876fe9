import Postgres
import ServiceLifecycle
import Synchronization

/// Wakes the server's own work when the database says that there may be some.
///
/// Only wakes: whoever rests looks for itself, also when nobody rings.
public final class Bell: Service {
  private let database: Database
  private let state = Mutex(State())

  private struct State {
    /// How often it has rung.
    var rings = 0
    var sleepers: [Int: CheckedContinuation<Void, Never>] = [:]
    var next = 0
  }

  /// - Parameter database: logged in as `beeld_jobs`; it must outlive this service's `run`.
  public init(_ database: Database) { self.database = database }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in self.database.notifications(on: ["beeld_work"]) { self.ring() }
    }
    // Whatever ended the listening: a server goes on without being woken.
    try await gracefulShutdown()
  }

  /// How often it has rung: to be noted before one looks for work.
  var rings: Int { state.withLock { $0.rings } }

  /// Returns when it has rung more often than that, when the time is over, or when the task is cancelled.
  func rest(for duration: Duration, since rings: Int) async {
    await withTaskGroup(of: Void.self) { group in
      // Cancelled means woken.
      group.addTask { do { try await Task.sleep(for: duration) } catch {} }
      group.addTask { await self.sound(since: rings) }
      _ = await group.next()
      group.cancelAll()
    }
  }

  private func ring() {
    let woken = state.withLock { state in
      state.rings += 1
      defer { state.sleepers = [:] }
      return state.sleepers
    }
    for sleeper in woken.values { sleeper.resume() }
  }

  private func sound(since rings: Int) async {
    let place = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
        let isAwake = state.withLock { state in
          if state.rings > rings || Task.isCancelled { return true }
          state.sleepers[place] = continuation
          return false
        }
        if isAwake { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: place) }?.resume()
    }
  }
}
