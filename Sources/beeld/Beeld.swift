import ArgumentParser
import Hummingbird

@main
struct Beeld: AsyncParsableCommand {
}
