extension StateDict {
    /// What a file says of a module, told from the record of the file's reader, which has the same name.
    public typealias Record = ModuleRecord
}
