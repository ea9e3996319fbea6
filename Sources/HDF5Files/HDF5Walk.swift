import CHDF5
import Platform

/// Visits each object of a file once and writes it into the stream. Runs in the child alone.
struct HDF5Walk {
    private struct Place {
        let path: String
        let depth: Int
    }

    private let file: hid_t
    private let fileSize: Int
    private var bytesLeft: Int
    private var attributeBytesLeft = HDF5Limits.attributeBytes
    private var attributesLeft = HDF5Limits.attributes
    private var objectsLeft = HDF5Limits.objects
    private var seen: Set<UInt64> = []

    init(fileSize: Int) throws(HDF5Problem) {
        guard lw_h5_begin() >= 0 else { throw .damaged("its library does not start") }
        file = lw_h5_file("/dev/fd/0")
        guard file >= 0 else { throw .damaged("it is cut short, or not HDF5") }
        self.fileSize = fileSize
        bytesLeft = HDF5Limits.bytes(ofFile: fileSize)
    }

    mutating func run(_ writer: inout RecordWriter) throws(HDF5Problem) {
        var open = [Place(path: "", depth: 0)]
        while let place = open.popLast() {
            let object = place.path.isEmpty ? lw_h5_open(file, "/") : lw_h5_open(file, place.path)
            guard object >= 0 else { continue }
            defer { H5Oclose(object) }
            var address: UInt64 = 0
            let kind = lw_h5_object(object, &address)
            // Links may lead in circles; what was met by another name is not read again.
            guard kind >= 0, kind <= 1, seen.insert(address).inserted else { continue }
            if kind == 0 {
                writer.begin(.group, place.path)
                writer.write(address)
                try writeAttributes(object, place.path, &writer)
                // The last is taken first.
                open += try links(object, place).reversed()
            } else {
                try writeDataset(object, place.path, &writer)
                try writeAttributes(object, place.path, &writer)
            }
        }
    }

    private mutating func links(_ group: hid_t, _ place: Place) throws(HDF5Problem) -> [Place] {
        var info = H5G_info_t()
        guard H5Gget_info(group, &info) >= 0 else { throw .damaged("the group \(place.path) cannot be read") }
        guard info.nlinks <= UInt64(objectsLeft) else { throw .tooMuch("more than \(HDF5Limits.objects) objects") }
        objectsLeft -= Int(info.nlinks)
        guard info.nlinks == 0 || place.depth < HDF5Limits.depth else {
            throw .tooMuch("groups nested deeper than \(HDF5Limits.depth)")
        }
        var links: [Place] = []
        var name = [CChar](repeating: 0, count: HDF5Limits.path)
        for number in 0..<info.nlinks {
            // Links into other files are passed over.
            guard (0...1).contains(lw_h5_link(group, number)) else { continue }
            let length = lw_h5_link_name(group, number, &name, name.count)
            let room = HDF5Limits.path - place.path.utf8.count - 1
            guard length > 0 else { throw .damaged("the group \(place.path) cannot be read") }
            guard length < room else { throw .tooMuch("a path of more than \(HDF5Limits.path) bytes") }
            let text = String(decoding: name[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            links.append(Place(path: place.path.isEmpty ? text : place.path + "/" + text, depth: place.depth + 1))
        }
        return links
    }

    // MARK: Datasets

    private mutating func writeDataset(
        _ dataset: hid_t, _ path: String, _ writer: inout RecordWriter
    ) throws(HDF5Problem) {
        func refuse(_ reason: String) {
            writer.begin(.unread, path)
            writer.write(text: Array(reason.utf8))
        }
        let (type, space, plan) = (H5Dget_type(dataset), H5Dget_space(dataset), H5Dget_create_plist(dataset))
        defer {
            H5Tclose(type)
            H5Sclose(space)
            H5Pclose(plan)
        }
        guard type >= 0, space >= 0, plan >= 0 else { return refuse("it cannot be read") }
        let kind = H5Tget_class(type)
        guard kind == H5T_FLOAT || kind == H5T_INTEGER else { return refuse("it does not hold numbers") }
        guard H5Pget_external_count(plan) == 0, H5Pget_layout(plan) != H5D_VIRTUAL else {
            return refuse("its numbers are in another file")
        }
        guard lw_h5_unpacks(plan) > 0 else { return refuse("it is packed by a filter that is not there") }
        let rank = Int(H5Sget_simple_extent_ndims(space))
        guard (0...HDF5Limits.rank).contains(rank) else { return refuse("it has more than \(HDF5Limits.rank) axes") }
        var extents = [hsize_t](repeating: 0, count: max(1, rank))
        guard H5Sget_simple_extent_dims(space, &extents, nil) >= 0 else { return refuse("it cannot be read") }
        extents = Array(extents[..<rank])
        guard H5Sget_simple_extent_type(space) != H5S_NULL, !extents.contains(0) else { return refuse("it is empty") }
        let count = try self.count(extents, path)
        try checkStorage(dataset, count: count, path)
        try writeValues(dataset, space, extents, path, &writer)
    }

    private mutating func count(_ extents: [hsize_t], _ path: String) throws(HDF5Problem) -> Int {
        var count = 1
        for extent in extents {
            let (product, overflows) = count.multipliedReportingOverflow(by: Int(clamping: extent))
            guard !overflows, product <= bytesLeft / 4 else {
                throw .tooMuch("its datasets are far larger than the file, beginning with \(path)")
            }
            count = product
        }
        bytesLeft -= 4 * count
        return count
    }

    /// What was never written reads as zeros, as many as the file says.
    private func checkStorage(_ dataset: hid_t, count: Int, _ path: String) throws(HDF5Problem) {
        let stored = H5Dget_storage_size(dataset)
        guard stored <= UInt64(fileSize), UInt64(count) <= 1024 + 250 * stored else {
            throw .tooMuch("\(path) is far larger than what is stored of it")
        }
    }

    private func writeValues(
        _ dataset: hid_t, _ space: hid_t, _ extents: [hsize_t], _ path: String, _ writer: inout RecordWriter
    ) throws(HDF5Problem) {
        let row = extents.dropFirst().reduce(1) { $0 * Int($1) }
        let rows = extents.first.map { Int($0) } ?? 1
        let atOnce = min(rows, max(1, HDF5Limits.slab / 4 / row))
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: atOnce * row)
        defer { buffer.deallocate() }
        var first = 0
        while first < rows {
            let count = min(atOnce, rows - first)
            var result: herr_t = -1
            if extents.isEmpty {
                result = lw_h5_read(dataset, 0, 0, buffer.baseAddress)
            } else {
                var (start, size) = ([hsize_t](repeating: 0, count: extents.count), extents)
                (start[0], size[0]) = (hsize_t(first), hsize_t(count))
                let memory = H5Screate_simple(Int32(extents.count), size, nil)
                defer { H5Sclose(memory) }
                if lw_h5_select(space, start, size) >= 0 {
                    result = lw_h5_read(dataset, memory, space, buffer.baseAddress)
                }
            }
            guard result >= 0 else { throw .damaged("the numbers of \(path) cannot be read") }
            if first == 0 {
                writer.begin(.dataset, path)
                writer.write(UInt32(extents.count))
                for extent in extents { writer.write(extent) }
            }
            writer.write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<(4 * count * row)]))
            first += count
        }
    }

    // MARK: Attributes

    private mutating func writeAttributes(
        _ object: hid_t, _ path: String, _ writer: inout RecordWriter
    ) throws(HDF5Problem) {
        let count = Int(lw_h5_attribute_count(object))
        guard count > 0 else { return }
        guard count <= attributesLeft else { throw .tooMuch("more than \(HDF5Limits.attributes) attributes") }
        attributesLeft -= count
        for number in 0..<count {
            let attribute = lw_h5_attribute(object, UInt64(number))
            guard attribute >= 0 else { continue }
            defer { H5Aclose(attribute) }
            try writeAttribute(attribute, path, &writer)
        }
    }

    private mutating func writeAttribute(
        _ attribute: hid_t, _ path: String, _ writer: inout RecordWriter
    ) throws(HDF5Problem) {
        var name = [CChar](repeating: 0, count: 256)
        let length = H5Aget_name(attribute, name.count, &name)
        guard length > 0, length < name.count else { return }
        let (type, space) = (H5Aget_type(attribute), H5Aget_space(attribute))
        defer {
            H5Tclose(type)
            H5Sclose(space)
        }
        guard type >= 0, space >= 0 else { return }
        // Nothing at all counts as no points.
        let points = Int(max(0, H5Sget_simple_extent_npoints(space)))
        let size = max(8, Int(clamping: H5Tget_size(type)))
        let (bytes, overflows) = points.multipliedReportingOverflow(by: size)
        guard !overflows, bytes <= attributeBytesLeft else {
            throw .tooMuch("more than \(HDF5Limits.attributeBytes >> 20) MB of attributes")
        }
        attributeBytesLeft -= bytes
        let title = name[..<length].map { UInt8(bitPattern: $0) }
        switch H5Tget_class(type) {
        case H5T_STRING:
            let texts =
                H5Tis_variable_str(type) > 0
                ? try variableTexts(attribute, type, space, points) : fixedTexts(attribute, type, points, bytes)
            guard let texts else { return }
            writer.begin(.texts, path)
            writer.write(text: title)
            writer.write(UInt64(texts.count))
            for text in texts { writer.write(text: text) }
        case H5T_INTEGER, H5T_FLOAT:
            var numbers = [Double](repeating: 0, count: points)
            guard points == 0 || H5Aread(attribute, lw_h5_native_double(), &numbers) >= 0 else { return }
            writer.begin(.numbers, path)
            writer.write(text: title)
            writer.write(UInt64(points))
            numbers.withUnsafeBytes { writer.write($0) }
        default: break
        }
    }

    private func fixedTexts(_ attribute: hid_t, _ type: hid_t, _ points: Int, _ bytes: Int) -> [[UInt8]]? {
        let size = Int(clamping: H5Tget_size(type))
        var buffer = [UInt8](repeating: 0, count: max(1, bytes))
        guard points == 0 || H5Aread(attribute, type, &buffer) >= 0 else { return nil }
        return (0..<points).map { Array(buffer[($0 * size)..<(($0 + 1) * size)].prefix { $0 != 0 }) }
    }

    private mutating func variableTexts(
        _ attribute: hid_t, _ type: hid_t, _ space: hid_t, _ points: Int
    ) throws(HDF5Problem) -> [[UInt8]]? {
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: max(1, points))
        guard points == 0 || H5Aread(attribute, type, &pointers) >= 0 else { return nil }
        defer { if points > 0 { _ = lw_h5_reclaim(type, space, &pointers) } }
        var texts: [[UInt8]] = []
        for pointer in pointers.prefix(points) {
            guard let pointer else {
                texts.append([])
                continue
            }
            let length = strlen(pointer)
            guard length <= attributeBytesLeft else {
                throw .tooMuch("more than \(HDF5Limits.attributeBytes >> 20) MB of attributes")
            }
            attributeBytesLeft -= length
            texts.append(UnsafeRawBufferPointer(start: pointer, count: length).map { $0 })
        }
        return texts
    }
}
