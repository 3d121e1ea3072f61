import Glibc

/// Files that only pass through.
public enum ScratchFile {
  /// A file in `folder` that has no name, or none any more: it is gone when it is closed.
  ///
  /// - Returns: its descriptor, for reading and writing.
  /// - Throws: `FileError` when it cannot be made.
  public static func make(in folder: String) throws(FileError) -> Int32 {
    let place = try FilePlace(folder + "/.kvm-inittrace")
    if let file = try place.makeUnnamed() { return file }
    let (file, name) = try place.makeNamed(isReadBack: true)
    unlinkat(place.directory, name, 0)
    return file
  }
}
