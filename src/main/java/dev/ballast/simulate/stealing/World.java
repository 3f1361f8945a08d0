package dev.ballast.simulate.stealing;

/** What everyone in a run shares. */
record World(ShortWork.Instance work, Timeline time, Controller controller, Diary diary) {}
