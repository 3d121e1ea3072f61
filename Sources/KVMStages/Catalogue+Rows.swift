extension Catalogue {
  public static let stages: [Stage] = []
  public static let flows: [Flow] = []
}
