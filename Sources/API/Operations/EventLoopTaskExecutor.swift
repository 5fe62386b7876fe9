import NIOCore
import Synchronization

/// Runs tasks on the event loop that reads and writes their connections: a request is then parsed, answered and
/// written by one thread, and only the database's thread is between. What becomes ready together runs in one turn.
///
/// Everything below must never block, as everywhere on an event loop; nothing of the server does.
final class EventLoopTaskExecutor: TaskExecutor {
  private let loop: any EventLoop
  private let ready = Mutex<[UnownedJob]>([])

  init(_ loop: any EventLoop) {
    self.loop = loop
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isFirst = ready.withLock { ready in
      ready.append(job)
      return ready.count == 1
    }
    if isFirst { loop.execute { self.runReady() } }
  }

  private func runReady() {
    var jobs: [UnownedJob] = []
    ready.withLock { swap(&$0, &jobs) }
    for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
