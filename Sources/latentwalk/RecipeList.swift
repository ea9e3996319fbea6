import Training

/// The recipes that have a name, as `latentwalk train --list-recipes` shows them.
enum RecipeList {
    static var text: String {
        var table = TextTable([.left, .right, .right, .right, .right, .left, .left])
        table.add(["recipe", "parameters", "latents", "epochs", "rate", "schedule", "what it is"])
        for recipe in Recipe.all {
            // On MNIST's images, as all of these are made for.
            let parameters = (try? recipe.architecture().parameterCount).map { "\($0)" } ?? "–"
            let settings = recipe.settings
            table.add([
                recipe.name, parameters, "\(recipe.networkRequest.latentSize)", "\(settings.epochs)",
                "\(settings.learningRate)", settings.schedule.name, recipe.summary,
            ])
        }
        return table.lines.map { $0 + "\n" }.joined()
    }
}
