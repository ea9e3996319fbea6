#if canImport(CryptoKit)
    import CryptoKit
#else
    import CCrypto
#endif

/// A SHA-256 digest that is fed piece by piece; the system's implementation does the work.
final class SHA256 {
    #if canImport(CryptoKit)
        private var state = CryptoKit.SHA256()

        func update(_ bytes: UnsafeRawBufferPointer) { state.update(bufferPointer: bytes) }

        /// The digest of all bytes so far.
        func digest() -> [UInt8] { [UInt8](state.finalize()) }
    #else
        private let context: OpaquePointer

        init() {
            guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
                preconditionFailure("libcrypto has SHA-256")
            }
            self.context = context
        }

        deinit { EVP_MD_CTX_free(context) }

        func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

        /// The digest of all bytes; nothing can be added after it.
        func digest() -> [UInt8] {
            var digest = [UInt8](repeating: 0, count: 32)
            EVP_DigestFinal_ex(context, &digest, nil)
            return digest
        }
    #endif

    /// The digest of all bytes, as 64 hexadecimal digits.
    func hexDigest() -> String {
        digest().map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }

    static func hexDigest(of bytes: [UInt8]) -> String {
        let digest = SHA256()
        bytes.withUnsafeBytes { digest.update($0) }
        return digest.hexDigest()
    }
}
