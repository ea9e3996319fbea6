import Files
import Testing

@Suite("The home folder")
struct HomeFolderTests {
    @Test(
        "Only a tilde that is the whole first part of a path stands for the home folder",
        arguments: [
            ("~", "/home/ada"), ("~/x.png", "/home/ada/x.png"), ("~ada/x.png", "~ada/x.png"),
            ("./~/x.png", "./~/x.png"),
            ("a/~/x.png", "a/~/x.png"), ("x~", "x~"), ("", ""),
        ])
    func paths(typed: String, expanded: String) {
        #expect(HomeFolder.expanding(typed, home: "/home/ada") == expanded)
        #expect(HomeFolder.expanding(typed, home: nil) == typed)
    }

    @Test(
        "In an option with its value the value is expanded, and only the first sign parts them",
        arguments: [
            ("--output=~/x.png", "--output=/home/ada/x.png"), ("--data=~", "--data=/home/ada"), ("--z=1,2", "--z=1,2"),
            ("--output=a=~/b.png", "--output=a=~/b.png"), ("~/x.png=~/y", "~/x.png=~/y"), ("--", "--"),
        ])
    func options(typed: String, expanded: String) {
        #expect(HomeFolder.expanding(option: typed, home: "/home/ada") == expanded)
    }
}
