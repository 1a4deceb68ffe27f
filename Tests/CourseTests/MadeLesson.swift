import Course
import Scenarios

/// A small lesson that is made for a test, right in every piece until something is replaced.
struct MadeLesson {
  var yaml = """
    number: 3
    slug: made
    knob: rtt
    scenario: {profile: ideal, link: {rtt: 50ms}, http: {protocol: tcp}, workload: {objects: 5kB}}
    runs:
      far: {rtt: 90ms}
      near: {rtt: 10ms}
    predict: order
    questions:
      - id: order
        kind: order
        items: {far: far.complete_ms, near: near.complete_ms, page: page.complete_ms}
        misconceptions:
          - {id: backwards, answers: [far, page, near]}
      - id: total
        kind: number
        unit: ms
        answer: page.complete_ms
        misconceptions:
          - {id: too-late, when: answer > expected}
    what-if: simcli run --rtt 5ms
    claims: ["1.1"]
    rfc: ["RFC 9293 §3.5"]

    """
  var english = """
    # Made

    A text.

    ## goal
    see.

    ## question order
    Which is first?
    ### choice far
    far
    ### choice near
    near
    ### choice page
    page
    ### hint 1
    One.
    ### hint 2
    Two.
    ### hint 3
    Three.
    ### misconception backwards
    Backwards.

    ## question total
    How long?
    ### hint 1
    One.
    ### hint 2
    Two.
    ### hint 3
    Three.
    ### misconception too-late
    Too late.

    ## explanation
    It takes {{page.complete_ms}} ms.
    ## read-more
    - RFC 9293 §3.5: something
    ## limits
    None.
    ## what-if
    And then?

    """

  /// The lessons of a folder with this one alone, and what is wrong with it.
  func check(in folder: String) throws -> (course: Course, problems: [String]) {
    let path = folder + "/03-made"
    try FolderCopy.create(path)
    try TextFile.write(yaml, to: path + "/lesson.yaml")
    try TextFile.write(english, to: path + "/lesson.en.md")
    let korean = english.replacing("A text.", with: "글입니다.")
    try TextFile.write(korean, to: path + "/lesson.ko.md")
    let first = Course(folder: folder, presets: nil)
    for lesson in first.lessons { try? LessonCheck(lesson, presets: nil).bless() }
    let course = Course(folder: folder, presets: nil)
    let problems = course.problems.values.flatMap { $0.map(\.text) }
    let checked = course.lessons.flatMap { LessonCheck($0, presets: nil).problems }
    return (course, problems + checked)
  }
}
