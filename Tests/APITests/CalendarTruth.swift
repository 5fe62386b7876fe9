/// The coach's calendar is for whoever has its secret address: without the key there is nothing, for nobody.
let calendarTruths: [RouteTruth] = [
  RouteTruth(route: "GET /v1/coaches/{id}/calendar.ics", subject: .secret)
]
