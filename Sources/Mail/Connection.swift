import CLibcurl
import Glibc

/// A handle of libcurl, with the connection that it keeps. Used by one thread at a time: its owner sees to that.
struct Connection: ~Copyable {
  private let handle: UnsafeMutableRawPointer?

  /// libcurl wants this before anything else, once in a process.
  private static let isReady = curl_global_init(curl_global_everything) == CURLE_OK

  init() {
    handle = Self.isReady ? curl_easy_init() : nil
  }

  deinit {
    if let handle { curl_easy_cleanup(handle) }
  }

  /// Does it and waits for the end; nil when all is well.
  mutating func perform(_ errand: Errand, with server: MailServer, _ patience: Mailer.Patience) -> SendingFailure? {
    guard let handle else { return .unreachable("no_libcurl") }
    if errand.isCancelled { return .interrupted }
    // Forgets all that was set, and keeps the connection.
    curl_easy_reset(handle)
    let said = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    said.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer { said.deallocate() }
    let recipients = Self.address(handle, errand)
    defer { curl_slist_free_all(recipients) }
    Self.reach(server, handle, patience)
    curl_set_pointer(handle, CURLOPT_ERRORBUFFER, said)
    let code = withExtendedLifetime(errand) {
      Self.connect(handle, Unmanaged.passUnretained(errand).toOpaque())
      return curl_easy_perform(handle)
    }
    var answer = 0
    curl_get_number(handle, CURLINFO_RESPONSE_CODE, &answer)
    let complaint = String(cString: said)
    if code != CURLE_OK { Self.breakOff(handle) }
    // The memory goes away, and so must what points to it.
    curl_easy_reset(handle)
    return Self.failure(code, answer, errand, complaint)
  }

  /// What the server may still say to a try that failed is not the answer to the next one, and nobody waits for it:
  /// libcurl would keep a connection on which the last word was outstanding, and take leave of it with a QUIT.
  private static func breakOff(_ handle: UnsafeMutableRawPointer) {
    var socket = curl_socket_t(-1)
    if curl_get_socket(handle, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK, socket >= 0 {
      shutdown(socket, CInt(SHUT_RDWR))
    }
  }

  private static func reach(_ server: MailServer, _ handle: UnsafeMutableRawPointer, _ patience: Mailer.Patience) {
    curl_set_text(handle, CURLOPT_URL, server.url)
    curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    let demand = server.protection == .offered ? CURLUSESSL_TRY : CURLUSESSL_ALL
    curl_set_number(handle, CURLOPT_USE_SSL, Int(demand.rawValue))
    curl_set_number(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    if let authorities = server.authorities { curl_set_text(handle, CURLOPT_CAINFO, authorities) }
    if let user = server.user {
      curl_set_text(handle, CURLOPT_USERNAME, user)
      curl_set_text(handle, CURLOPT_PASSWORD, server.password ?? "")
    }
    // Signals belong to the process, and threads are many.
    curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, patience.connection.milliseconds)
    curl_set_number(handle, CURLOPT_TIMEOUT_MS, patience.whole.milliseconds)
    // Whatever the environment says: mail goes to the server that was named.
    curl_set_text(handle, CURLOPT_PROXY, "")
  }

  private static func address(
    _ handle: UnsafeMutableRawPointer, _ errand: Errand
  ) -> UnsafeMutablePointer<curl_slist>? {
    switch errand.kind {
    case .mail(let sender, let recipient):
      let recipients = curl_slist_append(nil, "<\(recipient)>")
      curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(sender)>")
      curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
      curl_set_number(handle, CURLOPT_UPLOAD, 1)
      return recipients
    case .greeting:
      curl_set_number(handle, CURLOPT_NOBODY, 1)
      curl_set_text(handle, CURLOPT_CUSTOMREQUEST, "NOOP")
      return nil
    }
  }

  private static func connect(_ handle: UnsafeMutableRawPointer, _ errand: UnsafeMutableRawPointer) {
    curl_set_pointer(handle, CURLOPT_READDATA, errand)
    curl_set_transfer(handle, CURLOPT_READFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return Int(curl_read_abort) }
      let errand = Unmanaged<Errand>.fromOpaque(context).takeUnretainedValue()
      return errand.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
    }
    // What the server says beside its codes is nobody's concern.
    curl_set_transfer(handle, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count }
    curl_set_number(handle, CURLOPT_NOPROGRESS, 0)
    curl_set_pointer(handle, CURLOPT_XFERINFODATA, errand)
    curl_set_progress(handle) { context, _, _, _, _ in
      guard let context else { return 1 }
      return Unmanaged<Errand>.fromOpaque(context).takeUnretainedValue().isCancelled ? 1 : 0
    }
  }
}

// What became of it.
extension Connection {
  /// - Parameters:
  ///   - answer: the last code of the server; 0 where there was none.
  ///   - complaint: libcurl's words, which begin with the command that was refused.
  private static func failure(
    _ code: CURLcode, _ answer: Int, _ errand: Errand, _ complaint: String
  ) -> SendingFailure? {
    switch code {
    case CURLE_OK: nil
    case CURLE_ABORTED_BY_CALLBACK: .interrupted
    case CURLE_LOGIN_DENIED: .unreachable("login_denied")
    case CURLE_COULDNT_RESOLVE_HOST: .unreachable("no_such_host")
    case CURLE_COULDNT_CONNECT: .unreachable("no_connection")
    case CURLE_OPERATION_TIMEDOUT: .unreachable("timed_out")
    case CURLE_USE_SSL_FAILED: .unreachable("no_tls")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: .unreachable("not_trusted")
    case CURLE_SSL_CONNECT_ERROR: .unreachable("tls_failed")
    default: refusal(answer, errand, complaint)
    }
  }

  /// A refusal concerns this mail when it answers the recipient or the mail; a greeting or a sender that is refused
  /// concerns all of them, and is a matter for the operator.
  private static func refusal(_ answer: Int, _ errand: Errand, _ complaint: String) -> SendingFailure {
    let isOfThisMail = errand.hasBegun || complaint.hasPrefix("RCPT failed") || complaint.hasPrefix("DATA failed")
    return switch answer {
    case 500..<600 where isOfThisMail: .refused("smtp_\(answer)")
    case 400..<500 where isOfThisMail: .deferred("smtp_\(answer)")
    case 400..<600: .unreachable("smtp_\(answer)")
    default: .unreachable("connection_lost")
    }
  }
}

extension Duration {
  fileprivate var milliseconds: Int {
    Int(components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
  }
}
