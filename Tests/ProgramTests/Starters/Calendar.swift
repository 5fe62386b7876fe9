/// Every day from 1990 to 2089, found by counting from one day to the next: no formula to share a mistake with.
enum Calendar {
  struct Day: Equatable {
    var year: Int
    var month: Int
    var day: Int
  }

  static let days: [Day] = {
    var days: [Day] = []
    for year in 1990...2089 {
      for month in 1...12 {
        for day in 1...daysIn(month, of: year) { days.append(Day(year: year, month: month, day: day)) }
      }
    }
    return days
  }()

  static let firstOfYear: [Int: Int] = {
    var index: [Int: Int] = [:]
    for (number, day) in days.enumerated() where day.month == 1 && day.day == 1 { index[day.year] = number }
    return index
  }()

  static func daysIn(_ month: Int, of year: Int) -> Int {
    let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
    var number = firstOfYear[year]!
    for earlier in 1..<month { number += daysIn(earlier, of: year) }
    return number + day - 1
  }

  static func number(_ text: String) -> Int {
    let parts = text.split(separator: "-").map { Int($0)! }
    return number(parts[0], parts[1], parts[2])
  }

  static func text(_ number: Int) -> String {
    let day = days[number]
    return "\(day.year)-\(day.month < 10 ? "0" : "")\(day.month)-\(day.day < 10 ? "0" : "")\(day.day)"
  }

  /// The same day of the month so many months on, or that month's last day where it is shorter.
  static func adding(months: Int, to number: Int) -> Int {
    let start = days[number]
    var year = start.year
    var month = start.month
    for _ in 0..<months {
      month += 1
      if month == 13 {
        month = 1
        year += 1
      }
    }
    return Calendar.number(year, month, min(start.day, daysIn(month, of: year)))
  }

  /// The year in which the school year of a day begins.
  static func schoolYear(of number: Int) -> Int {
    let day = days[number]
    return day.month >= 8 ? day.year : day.year - 1
  }
}
