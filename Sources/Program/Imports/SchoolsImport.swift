import Postgres

extension ImportKind {
  /// The register of school locations, as DUO publishes it: the shape with `BRIN NUMMER`/`VESTIGINGSNUMMER`, and the
  /// newer one with `INSTELLINGSCODE`/`VESTIGINGSCODE`, whose location code may be its last two digits only.
  public static let schools = ImportKind(
    name: "schools",
    columns: [
      ImportColumn("institution", ["BRIN NUMMER", "INSTELLINGSCODE"], .text(atMost: 10), isStored: false),
      ImportColumn("code", ["VESTIGINGSNUMMER", "VESTIGINGSCODE"], .locationCode, isRequired: true),
      ImportColumn("name", ["VESTIGINGSNAAM"], .text(atMost: 200), isRequired: true),
      ImportColumn("board_number", ["BEVOEGD GEZAG NUMMER"], .boardNumber, isRequired: true),
      ImportColumn("street", ["STRAATNAAM"], .text(atMost: 200)),
      ImportColumn("house_number", ["HUISNUMMER-TOEVOEGING"], .text(atMost: 40)),
      ImportColumn("postal_code", ["POSTCODE"], .postalCode),
      ImportColumn("city", ["PLAATSNAAM"], .text(atMost: 200)),
      ImportColumn("municipality", ["GEMEENTENAAM"], .text(atMost: 200)),
      ImportColumn("denomination", ["DENOMINATIE"], .text(atMost: 200)),
      ImportColumn("phone", ["TELEFOONNUMMER"], .text(atMost: 40)),
      ImportColumn("website", ["INTERNETADRES"], .text(atMost: 300)),
    ],
    passedOver: [
      "PROVINCIE", "GEMEENTENUMMER", "STRAATNAAM CORRESPONDENTIEADRES", "HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES",
      "POSTCODE CORRESPONDENTIEADRES", "PLAATSNAAM CORRESPONDENTIEADRES", "NODAAL GEBIED CODE", "NODAAL GEBIED NAAM",
      "RPA-GEBIED CODE", "RPA-GEBIED NAAM", "WGR-GEBIED CODE", "WGR-GEBIED NAAM", "COROPGEBIED CODE",
      "COROPGEBIED NAAM", "ONDERWIJSGEBIED CODE", "ONDERWIJSGEBIED NAAM", "RMC-REGIO CODE", "RMC-REGIO NAAM",
    ],
    showsLowerCase: false,
    idCount: 1,
    table: """
      pg_temp.incoming_school (line, id, code, name, board_number, street, house_number, postal_code, city, \
      municipality, denomination, phone, website)
      """,
    begin: Statement("select app.import_schools_begin()"),
    check: { options, isComplete, isExclusive in
      Statement("select app.import_schools_check($1, $2, $3, $4)")(
        .optional(options.date?.description), .optional(options.board), .bool(isComplete), .bool(isExclusive))
    },
    counts: Statement("select object, act, number from app.import_schools_counts()"),
    changes: Statement(
      "select line, object, key, act, field, old_value, new_value from app.import_schools_changes($1)"),
    apply: Statement("select app.import_schools_apply()")
  )
}

extension CellFormat {
  /// BRIN and location number, such as `12AB00`; as the constraint `school_code_shape`.
  static let locationCode = CellFormat { cell, row, text in
    var code = cell.map(uppercase)
    if code.count == 2, let institution = row.cell("institution") { code = institution.map(uppercase) + code }
    guard code.count == 6, isCapital(code[2]), isCapital(code[3]),
      [0, 1, 4, 5].allSatisfy({ isDigit(code[$0]) })
    else { return Objection(code: .schoolCode) }
    text.append(code)
    return nil
  }

  /// As the constraint `school_board_number_shape`.
  static let boardNumber = CellFormat { cell, _, text in
    guard cell.count == 5, cell.allSatisfy(isDigit) else { return Objection(code: .boardNumber) }
    text.append(cell)
    return nil
  }

  /// With its space or without; as the constraint `school_postal_code_shape`.
  static let postalCode = CellFormat { cell, _, text in
    let code = cell.filter { $0 != UInt8(ascii: " ") }.map(uppercase)
    guard code.count == 6, code[0] != UInt8(ascii: "0"), code[..<4].allSatisfy(isDigit),
      code[4...].allSatisfy(isCapital)
    else { return Objection(code: .postalCode) }
    text.append(code[..<4] + [UInt8(ascii: " ")] + code[4...])
    return nil
  }
}
