#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Schedule {
  /// The rate of the step with this number, the first being 0.
  public func learningRate(at step: Int) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .step(let start, let factor, let every):
      precondition(every > 0, "a rate falls every 1 step or more, not every \(every)")
      return start * pow(factor, Double(step / every))
    case .milestones(let start, let factor, let milestones):
      return start * pow(factor, Double(milestones.count { $0 <= step }))
    case .exponential(let start, let factor): return start * pow(factor, Double(step))
    case .inverseTime(let start, let decay): return start / (1 + decay * Double(step))
    case .linear(let start, let end, let steps):
      return start + (end - start) * fraction(step, of: steps)
    case .polynomial(let start, let end, let power, let steps):
      return end + (start - end) * pow(1 - fraction(step, of: steps), power)
    case .cosine(let start, let end, let steps): return halfCosine(start, end, fraction(step, of: steps))
    case .cosineRestarts(let start, let end, let period, let growth):
      let (position, length) = restarted(step, period: period, growth: growth)
      return halfCosine(start, end, Double(position) / Double(length))
    case .triangular(let low, let high, let rise, let fall, let shrink):
      precondition(rise > 0 && fall > 0, "a cycle rises and falls for 1 step or more, not \(rise) and \(fall)")
      let (cycle, place) = step.quotientAndRemainder(dividingBy: rise + fall)
      let share = place <= rise ? Double(place) / Double(rise) : Double(rise + fall - place) / Double(fall)
      return low + (high - low) * share * pow(shrink, Double(cycle))
    case .oneCycle(let peak, let startShare, let endShare, let riseShare, let steps):
      let top = riseShare * Double(steps) - 1
      let last = Double(steps - 1)
      let place = min(Double(step), last)
      if place <= top, top > 0 { return halfCosine(peak * startShare, peak, place / top) }
      return last > top ? halfCosine(peak, peak * endShare, (place - top) / (last - top)) : peak * endShare
    case .warmUp(let startFactor, let steps, let schedule):
      return schedule.learningRate(at: step) * (startFactor + (1 - startFactor) * fraction(step, of: steps))
    case .sequence(let first, let steps, let second):
      return step < steps ? first.learningRate(at: step) : second.learningRate(at: step - steps)
    case .product(let first, let second):
      return first.learningRate(at: step) * second.learningRate(at: step)
    }
  }

  /// How much of the way is done: 1 from the end on, and at once when there is no way.
  private func fraction(_ step: Int, of steps: Int) -> Double {
    step >= steps ? 1 : Double(step) / Double(steps)
  }

  private func halfCosine(_ start: Double, _ end: Double, _ share: Double) -> Double {
    end + (start - end) * (1 + cos(Double.pi * share)) / 2
  }

  /// The steps since the last restart, and the length of the present period.
  private func restarted(_ step: Int, period: Int, growth: Int) -> (position: Int, length: Int) {
    precondition(period > 0 && growth > 0, "periods of \(period) steps that grow by \(growth)")
    if growth == 1 { return (step % period, period) }
    var (position, length) = (step, period)
    while position >= length {
      position -= length
      length *= growth
    }
    return (position, length)
  }

  /// The factor of one step out of `count` that together make `factor`.
  func root(_ factor: Double, _ count: Int) -> Double { pow(factor, 1 / Double(count)) }
}
