package dev.ballast.balancer;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The browsers that take tasks, in the order of their workers' names. */
public record Fleet(List<BrowserView> browsers) {
  public Fleet {
    browsers = List.copyOf(browsers);
  }

  public static Fleet of(Collection<BrowserView> browsers) {
    return new Fleet(browsers.stream().sorted(Comparator.comparing(BrowserView::worker)).toList());
  }
}
