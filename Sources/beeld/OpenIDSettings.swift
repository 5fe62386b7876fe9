import Configuration
import OpenID

/// The organisation's OpenID Connect provider, whose access tokens are accepted.
struct OpenIDSettings: Sendable {
  let issuer: Issuer
  /// What `aud` of the tokens has to name.
  let audience: String
  /// Whether a subject whom nobody has is linked to the person whose address the provider has verified.
  let linksByEmail: Bool

  /// Nil when none of the variables is set. Issuer and audience go together.
  static func read(_ reader: ConfigReader, _ faults: inout [String]) -> OpenIDSettings? {
    let issuer = reader.string(forKey: "beeld.oidc.issuer")
    let audience = reader.string(forKey: "beeld.oidc.audience")
    let link = reader.string(forKey: "beeld.oidc.link.by.email")
    let linksByEmail = link.flatMap { Bool($0) }
    if let link, linksByEmail == nil { faults.append("BEELD_OIDC_LINK_BY_EMAIL is '\(link)'; expected true or false") }

    switch (issuer, audience) {
    case (nil, nil):
      if linksByEmail == true {
        faults.append("BEELD_OIDC_LINK_BY_EMAIL needs BEELD_OIDC_ISSUER and BEELD_OIDC_AUDIENCE")
      }
      return nil
    case (_?, nil):
      faults.append(
        "BEELD_OIDC_AUDIENCE is missing: say what aud of the access tokens names, for example this server's address")
      return nil
    case (nil, _?):
      faults.append("BEELD_OIDC_ISSUER is missing: give the address of the provider, as it stands in iss")
      return nil
    case (let issuerText?, let audience?):
      let issuer = Issuer(issuerText)
      if issuer == nil {
        faults.append(
          "BEELD_OIDC_ISSUER is '\(issuerText)'; expected an https address (http on this machine only), "
            + "for example https://login.example.org/realms/board")
      }
      if !isAudience(audience) {
        faults.append("BEELD_OIDC_AUDIENCE is '\(audience)'; expected 1 to 255 characters without control characters")
      }
      return issuer.map { OpenIDSettings(issuer: $0, audience: audience, linksByEmail: linksByEmail == true) }
    }
  }

  private static func isAudience(_ text: String) -> Bool {
    (1...255).contains(text.unicodeScalars.count)
      && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
