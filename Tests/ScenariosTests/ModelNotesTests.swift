import NetSim
import Scenarios
import Testing

@Suite struct ModelNotesTests {
  private func behaviour(_ mechanism: String, _ profile: Profile) -> String? {
    ModelNotes(profile).modelled.first { $0.mechanism == mechanism }?.behaviour
  }

  @Test func takesItsValuesFromTheProfile() {
    #expect(
      behaviour("acknowledgements", .linux)
        == "the first 16 segments at once, then each second segment or after 40ms; out of order "
        + "and filled gaps at once")
    #expect(
      behaviour("acknowledgements", .rfc)
        == "each second segment or after 200ms; out of order and filled gaps at once")
    #expect(
      behaviour("acknowledgements", .ideal)
        == "each segment at once; out of order and filled gaps at once")
    #expect(
      behaviour("retransmission time-out", .linux)
        == "the smoothed round trip and at least 200ms; doubles each time up to 120s, fails after "
        + "15 repetitions")
    #expect(behaviour("closing", .rfc) == "orderly with FIN; TIME-WAIT of 240s; reset")
  }

  @Test(arguments: Profile.allCases)
  func namesEachMechanismOnce(profile: Profile) {
    let notes = ModelNotes(profile)
    let names = (notes.modelled + notes.leftOut).map(\.mechanism)
    #expect(Set(names).count == names.count)
    for note in notes.modelled + notes.leftOut { #expect(!note.behaviour.isEmpty) }
  }
}
