import HTTPTypes
import Hummingbird
import Program
import Reports

/// The page behind the address in a mail: how it stands, and one button. Complete in itself, and of nobody.
struct SubscriptionPage {
  /// What its own form sends to be told again.
  static let again = "subscribe=again"

  private let subscription: Subscription

  init(_ subscription: Subscription) { self.subscription = subscription }

  var response: Response {
    let headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .contentLanguage: subscription.language.rawValue,
      .cacheControl: "no-store",
    ]
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
  }

  private var html: String {
    """
    <!doctype html>
    <html lang="\(subscription.language.rawValue)">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>\(title)</title>
    <style>
    body { font: 1.125rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem; color: #1b1b1b }
    button { font: inherit; padding: .5rem 1.25rem; border: 2px solid #1b4f8f; border-radius: .25rem; background: #fff; color: #1b4f8f }
    button:focus-visible { outline: 3px solid #f5a623 }
    </style>
    </head>
    <body>
    <main>
    <h1>\(title)</h1>
    <p role="status">\(state)</p>
    \(form)
    </main>
    </body>
    </html>

    """
  }

  private var language: Language { subscription.language }

  /// Ours: a report's title has no signs of HTML, and what is no report's is not shown.
  private var title: String {
    let report = Reports.named(subscription.report)?.title(language) ?? language(dutch: "rapport", english: "report")
    return language(dutch: "Berichten over: \(report)", english: "Mails about: \(report)")
  }

  private var state: String {
    if subscription.isRequired {
      return language(
        dutch: "Deze berichten horen bij uw rol; u kunt zich er niet voor afmelden.",
        english: "These mails belong to your role; you cannot unsubscribe from them.")
    }
    return subscription.isOn
      ? language(dutch: "U krijgt deze berichten.", english: "You are sent these mails.")
      : language(dutch: "U krijgt deze berichten niet meer.", english: "You are no longer sent these mails.")
  }

  private var form: String {
    if subscription.isRequired { return "" }
    let (name, value) = subscription.isOn ? ("List-Unsubscribe", "One-Click") : ("subscribe", "again")
    let words =
      subscription.isOn
      ? language(dutch: "Geen berichten meer", english: "No more mails")
      : language(dutch: "Toch weer wel", english: "Send them again")
    return """
      <form method="post"><input type="hidden" name="\(name)" value="\(value)"><button type="submit">\(words)</button></form>
      """
  }
}
