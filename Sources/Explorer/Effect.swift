import Latent
import Pictures

/// What is to be done outside this module.
public enum Effect: Hashable, Sendable {
    /// Decode a point, answered by ``Event/decoded(_:)``. A newer one replaces any that waits.
    case decode(DecodeRequest)
    /// Do something in the background; answered by ``Event/worked(_:)``.
    case work(WorkRequest)
    /// Nobody waits for this slot's work any more.
    case drop(WorkSlot)
    /// Open another model; answered by ``Event/opened(_:)`` or ``Event/failed(_:)``, and then encode its data.
    case openModel(path: String)
    /// The person confirms what was guessed about the model: nothing is tried any more.
    case confirm
    /// Encode a data set (a name or a folder) in place of the present one; answered by ``Event/progress(_:)`` and
    /// ``Event/encoded(_:)``, or ``Event/failed(_:)``.
    case openData(String)
    /// Encode the data as one class from now on, where the model is conditional; nil: each image as its own.
    case classify(Int?)
    /// Write something to a file whose suffix says the format; answered by ``Event/note(_:)``, ``Event/failed(_:)`` or, where
    /// a file of that name is there already, ``Event/refusedExport(_:)``.
    case export(ExportOrder)
    /// Put text into the clipboard, where the terminal takes it.
    case copy(String)
    /// Complete a file's name; answered by ``Event/completed(_:)``.
    case completeFile(String)
    /// The commands typed so far, the newest last, to be kept for the next start.
    case keepHistory([String])
    /// Ask something of the training run.
    case run(RunRequest)
    /// Leave, and train a small model on the sample of digits.
    case trainOnSample
    /// The person chose how pictures are drawn: to be remembered for the next start.
    case remember(Preferences)
    /// Directions with names, to be kept for the next start, and one that is to be kept no longer.
    case keepDirections([LatentDirection], forgotten: LatentDirection? = nil)
    /// Paint the whole screen anew, since something else wrote on it.
    case repaint
    /// Tell what was found out about the terminal; answered by ``Event/inspected(_:)``.
    case inspectTerminal
    /// Stop the process until the shell continues it.
    case suspend
    /// Leave, in order.
    case quit
}

/// A point to decode, numbered so that an old answer never replaces a newer one.
public struct DecodeRequest: Hashable, Sendable {
    public var number: Int
    public var point: LatentPoint

    public init(number: Int, point: LatentPoint) {
        self.number = number
        self.point = point
    }
}

/// What is written to a file.
public struct ExportOrder: Hashable, Sendable {
    public var exhibit: Exhibit
    public var path: String
    /// Pixels a side that each pixel takes; nil: as the format has it.
    public var scale: Int?
    /// Whether a file that is there already is replaced.
    public var overwrites = false

    public init(_ exhibit: Exhibit, path: String, scale: Int? = nil) {
        self.exhibit = exhibit
        self.path = path
        self.scale = scale
    }
}

/// The names of files that begin as one that was typed.
public struct FileCompletion: Hashable, Sendable {
    public var typed: String
    /// Whole paths as they would be typed, folders with a slash at their end; in order.
    public var names: [String]

    public init(typed: String, names: [String]) {
        self.typed = typed
        self.names = names
    }
}
