/// Figures that are the adviser's alone. With places for everybody, the forecast names nobody.
let figureTruths: [RouteTruth] = [
  RouteTruth(route: "GET /v1/coverage/forecast", subject: .numbers, adviser: .everything),
  RouteTruth(route: "GET /v1/figures/own-wishes", subject: .numbers, adviser: .everything),
]
