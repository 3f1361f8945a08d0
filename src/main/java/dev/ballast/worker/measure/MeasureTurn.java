package dev.ballast.worker.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to measure on this machine: one holder at a time, over all workers and all their processes.
 *
 * <p>Two browsers that are compared take it in the order A BB AA BB …: the first gives way after one block, everyone after that after two. A slow drift of
 * the machine then hits both alike (ABBA counterbalancing, as in crossover trials). Between processes a lock on a file decides; the kernel releases it with
 * its process.
 */
public final class MeasureTurn implements AutoCloseable {
  private static final int BLOCKS_OF_FIRST = 1;
  private static final int BLOCKS_OF_NEXT = 2;
  private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final FileChannel file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition passed = lock.newCondition();
  private final Deque<Holding> waiting = new ArrayDeque<>();
  private @Nullable Holding holder;

  /** {@code lockFile} is shared by all that measure on this machine; throws {@link UncheckedIOException} when it cannot be opened. */
  public MeasureTurn(Path lockFile) {
    try {
      file = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (Files.getFileStore(lockFile).supportsFileAttributeView("posix") && Files.getOwner(lockFile).getName().equals(System.getProperty("user.name"))) {
        // Other users of the machine measure too.
        Files.setPosixFilePermissions(lockFile, PosixFilePermissions.fromString("rw-rw-rw-"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of the measuring turn cannot be opened: " + e, e);
    }
  }

  /** The machine's own lock file. */
  public static Path machineLockFile() {
    return Path.of(System.getProperty("java.io.tmpdir"), "ballast-measuring.lock");
  }

  /** Waits for the turn. */
  public Holding take() throws InterruptedException {
    Holding holding = new Holding();
    holding.acquire();
    return holding;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The turn while it is held; closing it passes it on. */
  public final class Holding implements AutoCloseable {
    private int blocksLeft;
    private boolean held;
    private @Nullable FileLock machine;

    private Holding() {}

    /** To be called between two blocks: gives way to those who wait, when it is their turn, and waits to come back. */
    public void pass() throws InterruptedException {
      blocksLeft--;
      if (blocksLeft <= 0) {
        release();
        acquire();
      }
    }

    private void acquire() throws InterruptedException {
      boolean waited = false;
      lock.lockInterruptibly();
      try {
        waiting.addLast(this);
        while (holder != null || !this.equals(waiting.peekFirst())) {
          waited = true;
          passed.await();
        }
        waiting.removeFirst();
        holder = this;
      } catch (InterruptedException e) {
        waiting.remove(this);
        passed.signalAll();
        throw e;
      } finally {
        lock.unlock();
      }
      held = true;
      blocksLeft = waited ? BLOCKS_OF_NEXT : BLOCKS_OF_FIRST;
      try {
        lockMachine();
      } catch (InterruptedException | RuntimeException e) {
        release();
        throw e;
      }
    }

    private void lockMachine() throws InterruptedException {
      try {
        machine = file.tryLock();
        while (machine == null) {
          LockSupport.parkNanos(ASK_AGAIN_NANOS);
          if (Thread.interrupted()) {
            throw new InterruptedException("while another process measured");
          }
          machine = file.tryLock();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the measuring turn cannot be locked: " + e, e);
      }
    }

    private void release() {
      if (!held) {
        return;
      }
      try {
        FileLock locked = machine;
        if (locked != null) {
          locked.release();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the measuring turn cannot be released: " + e, e);
      } finally {
        machine = null;
        held = false;
        lock.lock();
        try {
          holder = null;
          passed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }

    @Override
    public void close() {
      release();
    }
  }
}
