package dev.ballast.model;

/** One task of a job: the job's uid and the index of its cell. */
public record TaskId(String job, int index) {
  @Override
  public String toString() {
    return job + "/" + index;
  }
}
