/// Lines that help.
enum Advice {
    static let again = "download or copy it again"
    static let stateDict = "save the model's weights: torch.save(vae.state_dict(), \"vae.pth\")"
}
