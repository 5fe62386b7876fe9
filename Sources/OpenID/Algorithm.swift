/// The signature algorithms that are accepted (RFC 7518 §3, RFC 8037): asymmetric ones only, so that nothing that the
/// provider publishes can be used to sign.
enum Algorithm: String, CaseIterable, Sendable {
  case rs256 = "RS256"
  case rs384 = "RS384"
  case rs512 = "RS512"
  case ps256 = "PS256"
  case ps384 = "PS384"
  case ps512 = "PS512"
  case es256 = "ES256"
  case es384 = "ES384"
  case es512 = "ES512"
  case eddsa = "EdDSA"

  /// Bytes of a signature; nil where the key decides.
  var signatureLength: Int? {
    switch self {
    case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: nil
    case .es256, .eddsa: 64
    case .es384: 96
    case .es512: 132
    }
  }
}
